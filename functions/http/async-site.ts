import type { AsyncSite } from '../../adapters/sagemaker/async-endpoints.ts';

/** What the deploy function is told of a stage with asynchronous endpoints, as JSON in `MODELDROP_ASYNC_SITE`. */
export interface AsyncStageSite extends AsyncSite {
  /** The URL of the drops' queue, through which a drop comes again that has to wait. */
  readonly queue: string;
}
