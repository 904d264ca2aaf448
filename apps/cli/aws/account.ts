import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** Who asks AWS. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** An account of AWS in one region, before anything is deployed into it. */
export interface Account {
  caller(): Promise<Caller>;
  /** Undefined where CDK was never bootstrapped. */
  bootstrapVersion(): Promise<number | undefined>;
  /** How many functions may run at once. */
  functionsAtOnce(): Promise<number>;
}

/** Where `cdk bootstrap` notes its version; deployments ask there too. */
const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';

export function sdkAccount(region: string): Account {
  return {
    async caller() {
      const { Account = '', Arn = '' } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn };
    },
    async bootstrapVersion() {
      try {
        const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name: BOOTSTRAP }));
        return Number(Parameter?.Value);
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },
    async functionsAtOnce() {
      const { AccountLimit } = await new LambdaClient({ region }).send(new GetAccountSettingsCommand({}));
      if (AccountLimit?.ConcurrentExecutions === undefined) throw new Error('Lambda did not say its limit');
      return AccountLimit.ConcurrentExecutions;
    },
  };
}
