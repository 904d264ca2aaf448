import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { filesStore } from '../../../adapters/store/files.ts';
import { storeContract } from '../../contract/store.ts';

const home = await mkdtemp(join(tmpdir(), 'modeldrop-store-'));
afterAll(() => rm(home, { recursive: true }));
let opened = 0;
storeContract('files', async () => filesStore(join(home, String(opened++))));
