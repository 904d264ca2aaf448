import { STSClient } from '@aws-sdk/client-sts';
import { jsonCall } from '../../../adapters/aws/json-call.ts';

/** SageMaker's endpoints, as far as the command asks for them. */
export interface Endpoints {
  /** The names that begin so. */
  beginningWith(prefix: string): Promise<string[]>;
}

interface Page {
  readonly Endpoints: readonly { readonly EndpointName: string }[];
  readonly NextToken?: string;
}

/** With the operator's credentials. Without SageMaker's own client, which is large. */
export const sagemakerEndpoints = (region: string, endpoint: string | undefined): Endpoints => ({
  async beginningWith(prefix) {
    const { accessKeyId, secretAccessKey, sessionToken } = await new STSClient({ region }).config.credentials();
    const session = { region, endpoint, accessKeyId, secretAccessKey, sessionToken };
    const call = jsonCall({ session, service: 'sagemaker', host: 'api.sagemaker', target: 'SageMaker' });
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: Page = await call('ListEndpoints', { NameContains: prefix, ...(NextToken && { NextToken }) });
      names.push(...page.Endpoints.map(({ EndpointName }) => EndpointName));
      NextToken = page.NextToken;
    } while (NextToken);
    return names.filter((name) => name.startsWith(prefix));
  },
});
