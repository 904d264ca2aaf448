import type { Rule } from './rule.ts';

/** An ARN's partition, a region, or a host of one partition, spelt out. */
const SPELT_OUT = /\barn:aws[a-z-]*:|\b(?:us|eu|ap|sa|ca|me|af|il|cn)(?:-gov)?-[a-z]+-\d\b|\.amazonaws\.com\b/;

/** AWS's services are called the same in every partition. */
const SERVICE = /\b[a-z-]+\.amazonaws\.com\b/g;

export const anyPartition: Rule = {
  name: 'any-partition',
  description: 'No partition and no region is spelt out: the templates deploy to China and GovCloud as they are.',
  check: (template) =>
    Object.entries(template.Resources).flatMap(([resource, { Properties }]) => {
      const [found] = SPELT_OUT.exec(JSON.stringify(Properties ?? {}).replace(SERVICE, '')) ?? [];
      return found === undefined ? [] : [{ resource, found }];
    }),
};
