import type { APIGatewayAuthorizerResult } from 'aws-lambda';

/** What an authorizer said of a caller, as a function's event carries it. */
export interface Grant {
  readonly allowed: boolean;
  readonly tenant: string;
  readonly context: Readonly<Record<string, string>>;
}

/** Reads an authorizer's answer. As in IAM, one denial outweighs every permission, and silence is a denial. */
export function grantOf({ principalId, policyDocument, context = {} }: APIGatewayAuthorizerResult): Grant {
  const effects = policyDocument.Statement.map(({ Effect }) => Effect);
  const words: Record<string, string> = { principalId };
  for (const name in context) words[name] = String(context[name]);
  return {
    allowed: effects.includes('Allow') && !effects.includes('Deny'),
    tenant: words.tenant ?? principalId,
    context: words,
  };
}
