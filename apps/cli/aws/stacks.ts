import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';

/** A stack as CloudFormation has it now. */
export interface DeployedStack {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface DeployedResource {
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  readonly id: string;
}

export type Template = Readonly<Record<string, unknown>>;

/** CloudFormation's stacks, as far as the command asks for them by itself. All else is CDK's. */
export interface Stacks {
  /** Undefined where there is none. */
  stack(name: string): Promise<DeployedStack | undefined>;
  template(name: string): Promise<Template>;
  resources(name: string): Promise<DeployedResource[]>;
  /** Lets a stack be deleted that its stage protects. */
  unprotect(name: string): Promise<void>;
}

export function sdkStacks(region: string): Stacks {
  const client = new CloudFormationClient({ region });
  return {
    async stack(name) {
      const found = await client.send(new DescribeStacksCommand({ StackName: name })).catch(nothingWhereMissing);
      const [stack] = found?.Stacks ?? [];
      if (stack === undefined) return undefined;
      const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
      return { status: stack.StackStatus ?? 'UNKNOWN', outputs: Object.fromEntries(outputs) };
    },
    async template(name) {
      const { TemplateBody = '{}' } = await client.send(
        new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
      );
      // Ours are always JSON.
      return JSON.parse(TemplateBody);
    },
    async resources(name) {
      const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
      return StackResources.map(({ ResourceType = '', PhysicalResourceId = '' }) => ({
        type: ResourceType,
        id: PhysicalResourceId,
      }));
    },
    async unprotect(name) {
      await client.send(
        new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: false }),
      );
    },
  };
}

/** CloudFormation has no error of its own for a stack that is not there. */
function nothingWhereMissing(error: Error): undefined {
  if (!/does not exist/.test(error.message)) throw error;
}
