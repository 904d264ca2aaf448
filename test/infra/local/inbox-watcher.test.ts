import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Watcher, watchInbox } from '../../../infra/local/inbox-watcher.ts';
import { temporaryHome } from '../../journey/running-platform.ts';

let home: string;
let watcher: Watcher;
let cleanups: (() => Promise<void>)[] = [];
let failures: number;
let keys: string[];
let held: { key: string; until: Promise<void> } | undefined;
let endless: Promise<void>;
let end: () => void;
let atOnce = 0;
let mostAtOnce = 0;

const deploy = async ({ Records }: SQSEvent) => {
  mostAtOnce = Math.max(mostAtOnce, ++atOnce);
  await sleep(20);
  const { key } = JSON.parse(Records[0]?.body ?? '{}').detail.object;
  if (held && key === held.key) await held.until;
  if (key.includes('endless')) await endless;
  atOnce -= 1;
  keys.push(key);
  return { batchItemFailures: failures-- > 0 ? [{ itemIdentifier: Records[0]?.messageId ?? '' }] : [] };
};

async function lay(path: string, content = 'x', at?: Date): Promise<void> {
  const file = join(home, 'inbox', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  if (at) await utimes(file, at, at);
}

beforeEach(async () => {
  [cleanups, failures, keys, mostAtOnce, held] = [[], 0, [], 0, undefined];
  home = await temporaryHome(cleanups);
  endless = new Promise((resolve) => {
    end = resolve;
  });
  watcher = watchInbox({ home, deploy, everyMs: 20, restMs: 300, longMs: 400, pausesMs: [50, 50] });
});

afterEach(async () => {
  end();
  await watcher.close();
  for (const cleanup of cleanups) await cleanup();
});

describe('the inbox watcher', () => {
  test('tells of a file once it has rested, and once', async () => {
    await lay('m/model+é %20.json');
    await vi.waitFor(() => expect(keys).toEqual(['inbox/m/model+é %20.json']), 5_000);
    await sleep(200);
    expect(keys).toHaveLength(1);
  });

  test('waits while a file grows', async () => {
    for (let i = 0; i < 10; i++) {
      await lay('m/model.json', 'x'.repeat(i + 1));
      await sleep(60);
    }
    expect(keys).toEqual([]);
    await vi.waitFor(() => expect(keys).toHaveLength(1), 5_000);
  });

  test('takes up other models while one takes long, and of that one nothing more', async () => {
    const endless = Promise.withResolvers<void>();
    held = { key: 'inbox/slow/a.json', until: endless.promise };
    await lay('slow/a.json');
    await lay('slow/b.json');
    for (let i = 0; i < 8; i++) await lay(`quick${i}/model.json`);
    await vi.waitFor(() => expect(keys).toHaveLength(8), 5_000);
    expect(keys.filter((key) => key.startsWith('inbox/slow'))).toEqual([]);
    endless.resolve();
    await vi.waitFor(() => expect(keys.slice(8)).toEqual(['inbox/slow/a.json', 'inbox/slow/b.json']), 5_000);
  });

  test('takes up so many models at once, and no more', async () => {
    for (let i = 0; i < 12; i++) await lay(`m${i}/model.json`);
    await vi.waitFor(() => expect(keys).toHaveLength(12), 5_000);
    expect(mostAtOnce).toBe(4);
  });

  test('gives the places of those that take long to others', async () => {
    for (let i = 0; i < 4; i++) await lay(`endless${i}/model.json`);
    await vi.waitFor(() => expect(mostAtOnce).toBe(4), 5_000);
    await lay('good/model.json');
    await vi.waitFor(() => expect(keys).toEqual(['inbox/good/model.json']), 5_000);
  });

  test('has no more than eight at once, however long they take', async () => {
    for (let i = 0; i < 12; i++) await lay(`endless${i}/model.json`);
    await vi.waitFor(() => expect(mostAtOnce).toBe(8), 5_000);
    await sleep(1_500);
    expect(mostAtOnce).toBe(8);
    end();
    await vi.waitFor(() => expect(keys).toHaveLength(12), 5_000);
    expect(mostAtOnce).toBe(8);
  });

  test('takes a file that comes from the future', async () => {
    await lay('m/model.json', 'x', new Date(Date.now() + 3_600_000));
    await vi.waitFor(() => expect(keys).toHaveLength(1), 5_000);
  });

  test('tells of the files of a model one after the other, oldest first', async () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
    await lay('m/c.json', 'x', ago(30));
    await lay('m/a.json', 'x', ago(20));
    await lay('m/b.json', 'x', ago(10));
    await vi.waitFor(() => expect(keys).toHaveLength(3), 5_000);
    expect(keys).toEqual(['inbox/m/c.json', 'inbox/m/a.json', 'inbox/m/b.json']);
    expect(mostAtOnce).toBe(1);
  });

  test('tells again of a failed one, three times in all', async () => {
    failures = 100;
    await lay('m/model.json');
    await vi.waitFor(() => expect(keys).toHaveLength(3), 5_000);
    await sleep(200);
    expect(keys).toHaveLength(3);
  });

  test('tells again of a failed one once something has landed beside it, however long it would have waited', async () => {
    await watcher.close();
    watcher = watchInbox({ home, deploy, everyMs: 20, restMs: 100, pausesMs: [60_000, 60_000] });
    failures = 1;
    await lay('m/model.json');
    await vi.waitFor(() => expect(keys).toHaveLength(1), 5_000);
    await sleep(300);
    expect(keys).toHaveLength(1);
    await lay('m/examples.json');
    await vi.waitFor(() => expect(keys).toHaveLength(2), 5_000);
  });

  test('says nothing of companions, reports, parts and dotfiles', async () => {
    for (const file of ['drop.json', 'examples.json', 'a.part', 'b.report.json', '.hidden', 'c.range'])
      await lay(`m/${file}`);
    await lay('n/model.json');
    await vi.waitFor(() => expect(keys).toEqual(['inbox/n/model.json']), 5_000);
  });
});
