import { VERB_TAG } from '../constructs/verb-function.ts';
import { asArray, type Finding, type Rule, resourcesOf, type Template, tagOf, worded } from './rule.ts';
import { roleStatements } from './statements.ts';

const LOG_ACTIONS = new Set(['logs:CreateLogStream', 'logs:PutLogEvents']);

export const powerlessVerify: Rule = {
  name: 'powerless-verify',
  description: 'The function that runs foreign models may write its own log, and nothing else.',
  check: (template) => {
    const own = (type: string) => resourcesOf(template, type).filter(([, it]) => tagOf(it, VERB_TAG) === 'verify');
    const logs = own('AWS::Logs::LogGroup').map(([id]) => `<${id}.Arn>`);
    const functions = own('AWS::Lambda::Function');
    return [
      ...own('AWS::IAM::Role').flatMap(([role, properties]) => powersOf(template, role, properties, logs)),
      ...functions
        .filter(([, { VpcConfig }]) => VpcConfig !== undefined)
        .map(([resource]) => ({ resource, found: 'a place in a network' })),
    ];
  },
};

function powersOf(template: Template, role: string, properties: Record<string, unknown>, logs: string[]): Finding[] {
  const managed = asArray(properties.ManagedPolicyArns as unknown[]).map(worded);
  const stated = roleStatements(template).filter(({ roles }) => roles.includes(role));
  return [
    ...managed.map((found) => ({ resource: role, found })),
    ...stated
      .filter(({ actions, resources }) => !isOwnLog(actions, resources, logs))
      .map(({ actions, resources }) => ({ resource: role, found: `${actions.join(', ')} on ${resources.join(', ')}` })),
  ];
}

const isOwnLog = (actions: readonly string[], resources: readonly string[], logs: readonly string[]): boolean =>
  actions.every((action) => LOG_ACTIONS.has(action)) && resources.every((resource) => logs.includes(resource));
