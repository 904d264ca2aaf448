import { sendLater } from '../../adapters/aws/queue.ts';
import { asyncEndpoints } from '../../adapters/sagemaker/async-endpoints.ts';
import type { AwsSession } from '../../adapters/store/aws-session.ts';
import type { AsyncStageSite } from '../http/async-site.ts';
import { messageOf } from './message.ts';
import type { Provisioning } from './provision.ts';

/** SageMaker takes some minutes: a look each minute is soon enough. */
const LOOK_AGAIN_SECONDS = 60;

/** Endpoints of SageMaker, waited for by way of the drops' own queue. */
export function provisioningOnAws(session: AwsSession, { queue, ...site }: AsyncStageSite): Provisioning {
  const send = sendLater({ session, url: queue });
  return {
    endpoints: asyncEndpoints(session, site),
    later: (what) => send(messageOf(what), LOOK_AGAIN_SECONDS),
  };
}
