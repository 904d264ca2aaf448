import { join } from 'node:path';
import { filesStore } from '../../../adapters/store/files.ts';
import type { TrainRequest } from '../../../functions/http/training-request.ts';
import { trainFunction } from '../../../functions/train/handler.ts';
import { learnIn } from '../../../functions/train/learn.ts';

const [home = '', memoryMb = ''] = process.argv.slice(2);
const MEGABYTE = 1024 * 1024;

const train = trainFunction({
  inbox: filesStore(home),
  registry: filesStore(join(home, 'registry')),
  learn: learnIn(Number(memoryMb) * MEGABYTE),
  now: Date.now,
});

process.once('message', async (request) => {
  await train(request as TrainRequest);
  // Whoever started it may be gone: then its work is done all the same.
  if (process.connected) process.disconnect();
});
