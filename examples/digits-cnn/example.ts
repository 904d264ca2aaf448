import type { BuiltExample } from '../example.ts';
import { buildNetwork } from '../network.ts';

/** Digits by two convolutions, on the endpoint. */
export const build = (): Promise<BuiltExample> =>
  buildNetwork(import.meta.url, {
    name: 'digits-cnn',
    declared: {
      placement: 'endpoint',
      image: { width: 8, height: 8, channels: 1, layout: 'NCHW' },
      intendedUse: 'An example of a convolutional network from PyTorch that runs on the endpoint.',
      limits: 'Digits as 43 people wrote them on forms, centred and scaled to 8 x 8. A photograph is another matter.',
    },
    summary: 'a CNN as PyTorch wrote it, on the endpoint: accuracy 0.981 on 360 others',
  });
