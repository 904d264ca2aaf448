import { asArray, type Rule, resourcesOf } from './rule.ts';

const faultsOf = (properties: Record<string, unknown>): string[] => {
  const { LogFormat = 'Text', LogGroup } = (properties.LoggingConfig ?? {}) as Record<string, unknown>;
  return [
    ...(properties.Runtime === 'nodejs24.x' ? [] : [`runtime ${properties.Runtime}`]),
    ...(asArray(properties.Architectures as string[]).join() === 'arm64' ? [] : ['an architecture other than arm64']),
    ...(LogGroup === undefined ? ['no log group of its own'] : []),
    ...(LogFormat === 'Text' ? [] : [`log format ${LogFormat}`]),
    ...(properties.ReservedConcurrentExecutions === undefined ? [] : ['reserved concurrency']),
  ];
};

export const lambdaShape: Rule = {
  name: 'lambda-shape',
  description:
    'A function runs Node 24 on arm64 and logs text to its own group: JSON would wrap metrics. It reserves no concurrency, of which a young account has too little.',
  check: (template) =>
    resourcesOf(template, 'AWS::Lambda::Function').flatMap(([resource, properties]) =>
      faultsOf(properties).map((found) => ({ resource, found })),
    ),
};
