import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointIn } from '../../../adapters/endpoint/endpoint-port.ts';
import { hostedPlane } from './host.ts';

let hosted: Awaited<ReturnType<typeof hostedPlane>>;
beforeAll(async () => {
  hosted = await hostedPlane();
});
afterAll(() => hosted.close());

const { signal } = new AbortController();
const body = Buffer.from('{"inputs":[{"name":"input","datatype":"FP64","shape":[1,2],"data":[1,1]}]}');
const call = { target: `${'a'.repeat(64)}.tar.gz`, contentType: 'application/json', body: [body] };
const as = { AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

describe('the endpoint that an environment names', () => {
  it('is none where it names none', () => {
    expect(endpointIn({})).toBeUndefined();
    expect(endpointIn({ MODELDROP_ENDPOINT: '' })).toBeUndefined();
  });

  it.each(['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', 'AWS_ENDPOINT_URL'])('is called where %s says', async (variable) => {
    const port = endpointIn({ ...as, MODELDROP_ENDPOINT: 'modeldrop-gpu', [variable]: hosted.url });
    const answer = await port?.invoke(call, signal);
    expect(JSON.parse(Buffer.from(answer?.body ?? []).toString()).outputs[0].data).toEqual([2]);
  });
});
