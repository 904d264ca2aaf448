import type { Rule } from './rule.ts';

/** An ARN's partition, a region, or a host of one partition, spelt out. */
const SPELT_OUT = /\barn:aws[a-z-]*:|\b(?:us|eu|ap|sa|ca|me|af|il|cn)(?:-gov)?-[a-z]+-\d\b|\.amazonaws\.com\b/;

/** AWS's services are called the same in every partition. */
const SERVICE = /\b[a-z-]+\.amazonaws\.com\b/g;

export const anyPartition: Rule = {
  name: 'any-partition',
  description:
    "No partition is spelt out, and no region but a stage's own: the templates deploy to China and GovCloud as they are.",
  check: (template, region) =>
    Object.entries(template.Resources).flatMap(([resource, { Properties }]) => {
      const [found] = SPELT_OUT.exec(besides(region, JSON.stringify(Properties ?? {}))) ?? [];
      return found === undefined ? [] : [{ resource, found }];
    }),
};

const besides = (region: string | undefined, text: string): string =>
  (region === undefined ? text : text.replaceAll(region, '')).replace(SERVICE, '');
