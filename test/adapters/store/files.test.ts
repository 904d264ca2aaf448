import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../adapters/store/errors.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { kernelLock } from '../../../adapters/store/kernel-lock.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { storeContract } from '../../contract/store.ts';
import { recordOf } from './record.ts';

const home = await mkdtemp(join(tmpdir(), 'modeldrop-store-'));
const children = new Set<ChildProcess>();
let opened = 0;
const newRoot = (): string => join(home, String(opened++));

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => rm(home, { recursive: true, force: true }));

storeContract('files', async () => filesStore(newRoot()));

describe('a folder on the disk', () => {
  test('is made by the first write, for its owner only', async () => {
    const root = newRoot();
    const store = filesStore(root);
    expect(await store.read('a/b')).toBeUndefined();
    expect(await store.list('')).toEqual([]);
    expect(existsSync(root)).toBe(false);
    await store.create('a/b', bytesOf('x'));
    await store.replace('a/b', bytesOf('y'), (await store.read('a/b'))?.etag ?? '');
    expect(await modeOf(root)).toBe('700');
    expect(await modeOf(join(root, 'a'))).toBe('700');
    expect(await modeOf(join(root, 'a', 'b'))).toBe('600');
    expect(await modeOf(join(root, '.lock'))).toBe('600');
  });

  test('lists nothing hidden, and nothing that is no file', async () => {
    const root = newRoot();
    const store = filesStore(root);
    await store.create('a/b', bytesOf('x'));
    await mkdir(join(root, 'empty', 'folder'), { recursive: true });
    await writeFile(join(root, 'a', '.DS_Store'), '');
    expect(await store.list('')).toEqual(['a/b']);
  });

  test('names an object by the SHA-256 of its content', async () => {
    const store = filesStore(newRoot());
    expect(await store.create('a', bytesOf('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('is cleared of what dead processes left, and of nothing else', async () => {
    const root = newRoot();
    const temporary = join(root, '.tmp');
    await mkdir(temporary, { recursive: true });
    const dead = spawn(process.execPath, ['--version']);
    await new Promise((resolve) => dead.once('exit', resolve));
    for (const name of [`${dead.pid}-x`, `${process.pid}-namesake`, `${process.pid}-live`, `${process.ppid}-live`]) {
      await writeFile(join(temporary, name), 'x');
    }
    await utimes(join(temporary, `${process.pid}-namesake`), 1, 1);
    await filesStore(root).create('a', bytesOf('x'));
    expect((await readdir(temporary)).sort()).toEqual([`${process.pid}-live`, `${process.ppid}-live`].sort());
  });

  test('leaves no temporary file behind, whoever wins', async () => {
    const root = newRoot();
    const store = filesStore(root);
    await Promise.all([1, 2, 3].map((i) => store.create('a', bytesOf(String(i)))));
    await store.replace('a', bytesOf('x'), 'stale');
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  test('prints no warning while it opens its lock', async () => {
    const root = newRoot();
    await filesStore(root).create('counter', bytesOf('0'));
    const child = start('count', root, '1');
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    expect(await exitOf(child)).toBe(0);
    expect(stderr).toBe('');
  });
});

describe('several processes', () => {
  test('raise one counter and lose nothing', async () => {
    const root = newRoot();
    const store = filesStore(root);
    await store.create('counter', bytesOf('0'));
    const exits = [1, 2, 3].map(() => exitOf(start('count', root, '40')));
    expect(await Promise.all(exits)).toEqual([0, 0, 0]);
    expect(await textAt(store, 'counter')).toBe('120');
  });

  test('create each name once', async () => {
    const root = newRoot();
    const wins = await Promise.all(
      ['left', 'right'].map(async (side) => {
        const child = start('create', root, side);
        const lines = linesOf(child);
        expect(await exitOf(child)).toBe(0);
        return lines.map((line) => line.replace('won ', ''));
      }),
    );
    expect(wins.flat().sort()).toEqual(Array.from({ length: 60 }, (_, i) => String(i)).sort());
    for (const name of wins[0] ?? []) expect(await textAt(filesStore(root), `names/${name}`)).toBe('left');
  });

  test('get the lock of one that was killed holding it', async () => {
    const root = newRoot();
    const store = filesStore(root);
    const etag = (await store.create('a', bytesOf('old'))) ?? '';
    const holder = start('hold', root, '');
    await lineOf(holder, 'held');
    await expect(kernelLock(join(root, '.lock'), 50)(async () => {})).rejects.toThrow(/locked/);
    const replaced = store.replace('a', bytesOf('new'), etag);
    holder.kill('SIGKILL');
    expect(await replaced).toBeTypeOf('string');
    expect(await textAt(store, 'a')).toBe('new');
  });
});

const KILLS = Number(process.env.MODELDROP_KILLS ?? 20);

describe('kill -9 in the middle of a write', () => {
  test(`loses nothing acknowledged and tears nothing, ${KILLS} times`, { timeout: 5_000 * KILLS }, async () => {
    const root = newRoot();
    const store = filesStore(root);
    await store.create('current', bytesOf(recordOf(0)));
    for (let kill = 1; kill <= KILLS; kill++) {
      const lines = await killedInMidWrite(root, kill * 100_000);
      for (const line of lines.filter((each) => each.startsWith('created'))) {
        const number = Number(line.split(' ')[1]);
        expect(await textAt(store, `records/${number}`)).toBe(recordOf(number));
      }
      await expectCurrent(store, lines);
      await expectWhole(store);
    }
    expect((await readdir(join(root, '.tmp'))).length).toBeLessThanOrEqual(1);
  });
});

async function killedInMidWrite(root: string, from: number): Promise<string[]> {
  const child = start('churn', root, String(from));
  const lines = linesOf(child);
  await lineOf(child, `created ${from}`);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
  child.kill('SIGKILL');
  await exitOf(child);
  return lines;
}

/** At least what was acknowledged; at most one write further. And the lock is free for the next writer. */
async function expectCurrent(store: Store, lines: readonly string[]): Promise<void> {
  const acknowledged = Number(lines.findLast((line) => line.startsWith('replaced'))?.split(' ')[1] ?? 0);
  const current = await store.read('current');
  const number = Number.parseInt(new TextDecoder().decode(current?.bytes), 10);
  if (acknowledged > 0) expect([acknowledged, acknowledged + 1]).toContain(number);
  expect(await textAt(store, 'current')).toBe(recordOf(number));
  expect(await store.replace('current', bytesOf(recordOf(0)), current?.etag ?? '')).toBeTypeOf('string');
}

async function expectWhole(store: Store): Promise<void> {
  for (const path of await store.list('')) {
    const text = (await textAt(store, path)) ?? '';
    expect(text).toBe(recordOf(Number.parseInt(text, 10)));
    if (path.startsWith('records/')) await store.delete(path, (await store.read(path))?.etag ?? '');
  }
}

describe('a storage that fails', () => {
  test('is unavailable where a permission is missing', async (context) => {
    const root = newRoot();
    const store = filesStore(root);
    await store.create('a/b', bytesOf('x'));
    await chmod(join(root, 'a'), 0o000);
    const asOwner = withoutPrivilege(() => context.skip('this process is root and cannot give it up'));
    try {
      await expectUnavailable(store.read('a/b'), /EACCES/);
      await expectUnavailable(store.create('c', bytesOf('x')), /EACCES/);
      await expectUnavailable(store.list('a/'), /EACCES/);
    } finally {
      asOwner();
      await chmod(join(root, 'a'), 0o700);
    }
    expect(await textAt(store, 'a/b')).toBe('x');
  });

  test('takes no link and no pipe for an object', async () => {
    const root = newRoot();
    const store = filesStore(root);
    await store.create('a/b', bytesOf('x'));
    await symlink('/etc/hostname', join(root, 'a/link'));
    execFileSync('mkfifo', [join(root, 'a/pipe')]);
    expect(await store.read('a/link')).toBeUndefined();
    expect(await store.read('a/pipe')).toBeUndefined();
    expect(await store.list('a/')).toEqual(['a/b']);
  });

  test('is unavailable where a file stands in the way of a folder, or a folder of a file', async () => {
    const root = newRoot();
    const store = filesStore(root);
    await store.create('a/b', bytesOf('x'));
    await expectUnavailable(store.read('a/b/c'), /ENOTDIR/);
    expect(await store.read('a')).toBeUndefined();
    await expectUnavailable(store.create('a/b/c', bytesOf('x')), /EEXIST|ENOTDIR/);
    await writeFile(join(root, 'file'), '');
    await expectUnavailable(filesStore(join(root, 'file')).create('a', bytesOf('x')), /EEXIST|ENOTDIR/);
  });

  test('is unavailable while every file handle is taken', async () => {
    const root = newRoot();
    await filesStore(root).create('counter', bytesOf('0'));
    const writer = join(import.meta.dirname, 'writer.ts');
    const command = `ulimit -n 60; exec "${process.execPath}" "${writer}" exhaust "${root}"`;
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe('StoreUnavailable EMFILE\n');
  });

  test('is unavailable when the disk is full, and well again when it is not', async (context) => {
    const root = newRoot();
    await mkdir(root);
    const unmount = smallDisk(root) ?? context.skip('this process may not mount a small disk');
    try {
      const store = filesStore(root);
      const etag = await store.create('small', bytesOf('x'));
      await expectUnavailable(store.create('large', new Uint8Array(1_000_000)), /ENOSPC/);
      await expectUnavailable(store.replace('small', new Uint8Array(1_000_000), etag ?? ''), /ENOSPC/);
      expect(await readdir(join(root, '.tmp'))).toEqual([]);
      expect(await store.list('')).toEqual(['small']);
      expect(await store.replace('small', bytesOf('y'), etag ?? '')).toBeTypeOf('string');
    } finally {
      unmount();
    }
  });

  test('opens again after a failure', async () => {
    const root = newRoot();
    await writeFile(root, '');
    const store = filesStore(root);
    await expectUnavailable(store.create('a', bytesOf('x')), /EEXIST|ENOTDIR/);
    await rm(root);
    expect(await store.create('a', bytesOf('x'))).toBeTypeOf('string');
  });
});

async function expectUnavailable(work: Promise<unknown>, cause: RegExp): Promise<void> {
  const error = await work.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect(String((error as Error).cause)).toMatch(cause);
}

/** Root may do anything: gives its privilege up until the function that it answers is called. */
function withoutPrivilege(skip: () => void): () => void {
  if (process.getuid?.() !== 0) return () => {};
  if (process.seteuid === undefined) skip();
  process.seteuid?.(65_534);
  return () => process.seteuid?.(0);
}

function smallDisk(folder: string): (() => void) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder], { stdio: 'ignore' });
    // The store keeps its lock file open for as long as the process lives.
    return () => execFileSync('umount', ['--lazy', folder]);
  } catch {
    return undefined;
  }
}

function start(task: string, root: string, argument: string): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), task, root, argument]);
  children.add(child);
  return child;
}

function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const [last = '', ...whole] = (rest + chunk).split('\n').toReversed();
    rest = last;
    lines.push(...whole.toReversed());
  });
  return lines;
}

async function lineOf(child: ChildProcess, line: string): Promise<void> {
  const lines = linesOf(child);
  while (!lines.includes(line) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(lines).toContain(line);
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', (code) => resolve(code)));

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

async function textAt(store: Store, path: string): Promise<string | undefined> {
  const stored = await store.read(path);
  return stored && new TextDecoder().decode(stored.bytes);
}
