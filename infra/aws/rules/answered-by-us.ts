import { type Finding, type Rule, resourcesOf } from './rule.ts';

/** What answers, and asks for keys, on a path. */
const faultOf = (method: Record<string, unknown>): string | undefined => {
  const type = (method.Integration as { Type?: string } | undefined)?.Type;
  if (type !== 'AWS_PROXY') return `an integration of type ${type ?? 'MOCK'}`;
  if (method.HttpMethod === 'ANY' && method.AuthorizationType !== 'CUSTOM') return 'ANY without the authorizer';
  if (method.ApiKeyRequired === true && method.AuthorizationType !== 'CUSTOM') return 'a meter without the authorizer';
  return undefined;
};

export const answeredByUs: Rule = {
  name: 'answered-by-us',
  description:
    'A function answers every method, for MOCK answers 500 where bodies are binary; ANY asks the authorizer; only it can name a meter.',
  check: (template) =>
    resourcesOf(template, 'AWS::ApiGateway::Method').flatMap(([resource, method]): Finding[] => {
      const found = faultOf(method);
      return found === undefined ? [] : [{ resource, found }];
    }),
};
