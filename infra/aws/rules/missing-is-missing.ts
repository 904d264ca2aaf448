import type { Finding, Rule } from './rule.ts';
import { roleStatements, type Statement } from './statements.ts';

export const missingIsMissing: Rule = {
  name: 'missing-is-missing',
  description:
    'Who reads objects may list the same keys, by a condition on s3:prefix: else S3 answers 403 for a missing one. Nobody lists without it.',
  check: (template) => {
    const statements = roleStatements(template);
    const listings = statements.filter(({ actions }) => actions.includes('s3:ListBucket'));
    return [
      ...statements.flatMap((statement) => unlisted(statement, listings)),
      ...listings
        .filter((listing) => prefixesOf(listing).length === 0)
        .map(({ holder }) => ({ resource: holder, found: 's3:ListBucket without a condition on s3:prefix' })),
    ];
  },
};

function unlisted({ holder, roles, actions, resources }: Statement, listings: readonly Statement[]): Finding[] {
  if (!actions.includes('s3:GetObject')) return [];
  const ours = listings.filter((listing) => roles.every((role) => listing.roles.includes(role)));
  return resources
    .filter((resource) => !ours.some((listing) => covers(listing, resource)))
    .map((found) => ({ resource: holder, found: `s3:GetObject on ${found} without s3:ListBucket there` }));
}

const covers = (listing: Statement, object: string): boolean =>
  listing.resources.some((bucket) => prefixesOf(listing).some((prefix) => object === `${bucket}/${prefix}`));

function prefixesOf({ condition }: Statement): readonly string[] {
  const stated = (condition.StringLike as Record<string, string | string[]> | undefined)?.['s3:prefix'] ?? [];
  return typeof stated === 'string' ? [stated] : stated;
}
