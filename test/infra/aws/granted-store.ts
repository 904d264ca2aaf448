import type { Store } from '../../../adapters/store/store.ts';
import { VERB_TAG } from '../../../infra/aws/constructs/verb-function.ts';
import { resourcesOf, tagOf } from '../../../infra/aws/rules/rule.ts';
import { roleStatements, type Statement } from '../../../infra/aws/rules/statements.ts';
import type { Synthesized } from './synthesized.ts';

export type BucketName = 'Inbox' | 'Registry';

/** A call that the function's role would not have been allowed on AWS. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}

/** A store that does what the role of a verb allows on a bucket, and writes down what it does not. */
export function grantedStore(
  store: Store,
  { synthesized, verb, bucket }: { synthesized: Synthesized; verb: string; bucket: BucketName },
  denied: string[],
): Store {
  const statements = statementsOf(synthesized, verb);
  const must = (isAllowed: boolean, what: string) => {
    if (isAllowed) return;
    denied.push(`${verb}: ${what} in ${bucket}`);
    throw new AccessDenied(what);
  };
  const mayUse = (action: string, path: string) =>
    must(
      statements.some(({ actions, resources }) => actions.includes(action) && resources.some(covers(bucket, path))),
      `${action} ${path}`,
    );
  const mayList = (prefix: string) =>
    must(
      statements.some(
        (statement) =>
          statement.actions.includes('s3:ListBucket') &&
          statement.resources.some((resource) => bucketIn(resource) === bucket) &&
          prefixesOf(statement).some((pattern) => like(pattern, prefix)),
      ),
      `s3:ListBucket ${prefix}`,
    );
  // A missing object is only seen to be missing by whoever may list it; a lost condition is looked into by a read.
  const mayRead = (path: string) => {
    mayUse('s3:GetObject', path);
    mayList(path);
  };
  const mayChange = (action: string, path: string) => {
    mayUse(action, path);
    mayRead(path);
  };
  const guarded =
    <Args extends [string, ...unknown[]], T>(may: (path: string) => void, act: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      may(args[0]);
      return act(...args);
    };
  return {
    read: guarded(mayRead, store.read),
    revalidate: guarded(mayRead, store.revalidate),
    create: guarded((path) => mayChange('s3:PutObject', path), store.create),
    replace: guarded((path) => mayChange('s3:PutObject', path), store.replace),
    delete: guarded((path) => mayChange('s3:DeleteObject', path), store.delete),
    discard: guarded((path) => mayUse('s3:DeleteObject', path), store.discard),
    list: guarded(mayList, store.list),
  };
}

function statementsOf({ templates }: Synthesized, verb: string): Statement[] {
  return Object.values(templates).flatMap((template) => {
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter(([, role]) => tagOf(role, VERB_TAG) === verb);
    return roleStatements(template).filter((statement) => roles.some(([id]) => statement.roles.includes(id)));
  });
}

const bucketIn = (resource: string): string | undefined => /(Inbox|Registry)Bucket/.exec(resource)?.[1];

const covers = (bucket: BucketName, path: string) => (resource: string) =>
  bucketIn(resource) === bucket && like(resource.replace(/^<[^>]+>\//, ''), path);

const prefixesOf = ({ condition }: Statement): readonly string[] => {
  const stated = (condition.StringLike as Record<string, string | string[]> | undefined)?.['s3:prefix'] ?? [];
  return typeof stated === 'string' ? [stated] : stated;
};

/** IAM's StringLike. */
const like = (pattern: string, value: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`, 's').test(value);
