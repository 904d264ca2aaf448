import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { LambdaName } from '../../../functions/http/environment.ts';
import type { DropQueue } from './drop-queue.ts';
import type { VerbFunction } from './verb-function.ts';

/** What alarms and the dashboard look at. */
export interface Watched {
  readonly api: RestApi;
  readonly functions: readonly VerbFunction[];
  readonly drops: DropQueue;
  /** The GPU endpoint, where there is one. */
  readonly endpoint?: string;
}

export function lambdaOf({ functions }: Watched, verb: LambdaName): VerbFunction['lambda'] {
  const found = functions.find((fn) => fn.verb === verb);
  if (found === undefined) throw new Error(`${verb} must be among the watched functions`);
  return found.lambda;
}
