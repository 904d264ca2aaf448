import { STSClient } from '@aws-sdk/client-sts';
import type { Stage } from '../../../infra/aws/stages.ts';
import { Misuse } from '../failures.ts';

/** Where a stage is deployed: what it states, or where the operator's environment or profile points to. @throws Misuse */
export async function regionFor(stage: Stage, env: NodeJS.ProcessEnv): Promise<string> {
  const stated = stage.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  if (stated) return stated;
  try {
    return await new STSClient({}).config.region();
  } catch (cause) {
    // CDK alone would take us-east-1 without a word.
    throw new Misuse(`region: none is set; set AWS_REGION, or "region" in the file of stage ${stage.name}`, { cause });
  }
}
