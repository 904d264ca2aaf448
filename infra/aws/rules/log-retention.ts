import { type Rule, resourcesOf } from './rule.ts';

export const logRetention: Rule = {
  name: 'log-retention',
  description: 'A log group says how long it keeps: otherwise it keeps, and costs, for ever.',
  check: (template) =>
    resourcesOf(template, 'AWS::Logs::LogGroup')
      .filter(([, { RetentionInDays }]) => RetentionInDays === undefined)
      .map(([resource]) => ({ resource, found: 'no RetentionInDays' })),
};
