import { join } from 'node:path';
import { filesStore } from '../../../adapters/store/files.ts';
import type { TrainRequest } from '../../../functions/http/training-request.ts';
import { trainFunction } from '../../../functions/train/handler.ts';
import { learnIn } from '../../../functions/train/learn.ts';
import { learnNetworks } from './learn-network.ts';

const [home = '', memoryMb = ''] = process.argv.slice(2);
const MEGABYTE = 1024 * 1024;

const stop = new AbortController();
// PyTorch runs in a process of its own, which must not outlive this one. What this one computes itself ends when it is killed.
process.once('SIGTERM', () => stop.abort());

const train = trainFunction({
  inbox: filesStore(home),
  registry: filesStore(join(home, 'registry')),
  learn: learnNetworks(learnIn(Number(memoryMb) * MEGABYTE), { env: process.env, signal: stop.signal }),
  now: Date.now,
});

process.once('message', async (request) => {
  await train(request as TrainRequest).catch((error) => {
    if (!stop.signal.aborted) throw error;
    process.exitCode = 1;
  });
  // Whoever started it may be gone: then its work is done all the same.
  if (process.connected) process.disconnect();
});
