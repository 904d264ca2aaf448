import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../adapters/store/store.ts';
import { checkRoom } from '../../../functions/control/job-input.ts';
import { deployFunction } from '../../../functions/deploy/handler.ts';
import { memoryStore } from '../../memory-store.ts';
import { line } from '../../models/formats/onnx/written.ts';
import { landed } from '../house.ts';
import { noTraining } from '../no-training.ts';
import { verifyInProcess } from '../verify-in-process.ts';

const MEGABYTE = 1024 ** 2;
let registry: Store;

beforeAll(async () => {
  const inbox = memoryStore();
  registry = memoryStore();
  const deploy = deployFunction({
    inbox,
    registry,
    verify: verifyInProcess(inbox),
    train: noTraining,
    hasEndpoint: false,
    provisioning: {
      endpoints: { ensure: async () => 'in-service', isChanging: async () => false, remove: async () => {} },
      later: async () => {},
    },
    now: Date.now,
    log: { info: () => {}, error: () => {} },
  });
  for (const [model, placement] of [
    ['slow', 'endpoint-async'],
    ['quick', 'lambda'],
  ]) {
    await inbox.create(`inbox/${model}/drop.json`, Buffer.from(JSON.stringify({ placement })));
    await inbox.create(`inbox/${model}/model.onnx`, line());
    await deploy(landed(`inbox/${model}/model.onnx`));
  }
});

const room = (model: string, bytes: number, largestInput?: number): Promise<void> =>
  checkRoom({ registry, ...(largestInput && { largestInput }) }, model, { sha256: '', bytes });

describe('an input by reference', () => {
  it('has at most 25 MB, and a gigabyte where an asynchronous endpoint fetches it', async () => {
    await room('quick', 25 * MEGABYTE);
    await expect(room('quick', 25 * MEGABYTE + 1)).rejects.toThrow('must be at most 26214400 bytes');
    await room('slow', 1024 * MEGABYTE);
    await expect(room('slow', 1024 * MEGABYTE + 1)).rejects.toThrow('must be at most 1073741824 bytes');
  });

  it('has no more than whoever works on jobs holds', async () => {
    await room('slow', 256 * MEGABYTE, 256 * MEGABYTE);
    await expect(room('slow', 256 * MEGABYTE + 1, 256 * MEGABYTE)).rejects.toThrow('must be at most 268435456 bytes');
    await room('quick', 25 * MEGABYTE, 256 * MEGABYTE);
  });

  it('is of a model that serves', async () => {
    await expect(room('none', 1)).rejects.toThrow('none');
  });
});
