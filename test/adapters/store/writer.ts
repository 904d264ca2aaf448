// A process of its own that writes into a store until it is told to stop, or is killed. argv: task, root, argument.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { filesStore } from '../../../adapters/store/files.ts';
import { kernelLock } from '../../../adapters/store/kernel-lock.ts';
import { recordOf } from './record.ts';

const [, , task = '', root = '', argument = ''] = process.argv;
const store = filesStore(root);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const say = (line: string): unknown => process.stdout.write(`${line}\n`);

/** Raises a counter by compare-and-swap. */
async function count(times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const stored = await store.read('counter');
    if (stored === undefined) throw new Error('no counter');
    const next = bytesOf(String(Number(new TextDecoder().decode(stored.bytes)) + 1));
    if ((await store.replace('counter', next, stored.etag)) !== undefined) done++;
  }
}

/** Creates the same names as its rivals, and says which it won. */
async function create(names: number): Promise<void> {
  for (let i = 0; i < names; i++) {
    if ((await store.create(`names/${i}`, bytesOf(argument))) !== undefined) say(`won ${i}`);
  }
}

/** Creates, replaces and deletes without end, and says what was acknowledged. */
async function churn(from: number): Promise<void> {
  for (let i = from; ; i++) {
    await store.create(`records/${i}`, bytesOf(recordOf(i)));
    say(`created ${i}`);
    const current = await store.read('current');
    if (current === undefined) throw new Error('no current');
    await store.replace('current', bytesOf(recordOf(i)), current.etag);
    say(`replaced ${i}`);
    const passing = (await store.create('passing', bytesOf(recordOf(i)))) ?? (await store.read('passing'))?.etag;
    if (passing !== undefined) await store.delete('passing', passing);
  }
}

/** Takes the lock and keeps it. */
async function hold(): Promise<void> {
  await kernelLock(join(root, '.lock'))(async () => {
    say('held');
    await new Promise(() => setInterval(() => {}, 1_000));
  });
}

/** Takes every file handle there is, and reads. */
async function exhaust(): Promise<void> {
  const taken: unknown[] = [];
  try {
    for (;;) taken.push(await open(root));
  } catch {
    const error = await store.read('counter').catch((failure: Error) => failure);
    say(error instanceof Error ? `${error.name} ${(error.cause as NodeJS.ErrnoException).code}` : 'read');
  }
  process.exit(0);
}

const tasks: Record<string, () => Promise<void>> = {
  count: () => count(Number(argument)),
  create: () => create(60),
  churn: () => churn(Number(argument)),
  hold,
  exhaust,
};
await tasks[task]?.();
