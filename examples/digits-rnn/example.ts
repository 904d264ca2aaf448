import type { BuiltExample } from '../example.ts';
import { buildNetwork } from '../network.ts';

/** Digits read row by row, by Elman's recurrent network, on the endpoint. */
export const build = (): Promise<BuiltExample> =>
  buildNetwork(import.meta.url, {
    name: 'digits-rnn',
    declared: {
      placement: 'endpoint',
      intendedUse: 'An example of a recurrent network from PyTorch that runs on the endpoint.',
      limits: 'Digits as 43 people wrote them on forms, centred and scaled to 8 x 8. A photograph is another matter.',
    },
    summary: 'an Elman RNN as PyTorch wrote it, on the endpoint: accuracy 0.972 on 360 others',
  });
