import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

const CONNECT_MS = 1_000;
const CONNECTIONS = 64;

export interface EndpointAddress {
  readonly region: string;
  /** Another host that speaks the API; AWS's own where absent. */
  readonly url?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A client that keeps its connections, and makes one try: which failures are worth another is ours to say. */
export const endpointClient = ({ region, url, credentials }: EndpointAddress): SageMakerRuntimeClient =>
  new SageMakerRuntimeClient({
    region,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS },
    },
    ...(url && { endpoint: url }),
    ...(credentials && { credentials }),
  });
