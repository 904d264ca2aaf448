import { hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { byCodePoint } from '../../models/code-point-order.ts';
import { durableFolders, syncFolder, writeTemporary } from './durable.ts';
import { StoreUnavailable } from './errors.ts';
import { type Exclusively, kernelLock } from './kernel-lock.ts';
import { checkPath, checkPrefix, folderOf } from './path.ts';
import { readRegular } from './regular-file.ts';
import type { Store, Stored } from './store.ts';
import { sweep } from './sweep.ts';

/**
 * A Store over the folder `root`, which any number of processes of one machine may share. The folder is made by the
 * first write. An object is a file; its tag is the SHA-256 of its content in hex.
 *
 * Readers take no lock: a name stands for the whole old file or the whole new one. `create` takes none either: linking
 * a name that exists fails. Only compare-and-swap does, between its comparison and its swap.
 */
export const filesStore = (root: string): Store => new Files(resolve(root));

class Files implements Store {
  readonly #root: string;
  readonly #temporary: string;
  readonly #exclusively: Exclusively;
  readonly #makeFolder: (folder: string) => Promise<void>;
  #opening: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#temporary = join(root, '.tmp');
    this.#makeFolder = durableFolders(root);
    this.#exclusively = kernelLock(join(root, '.lock'));
  }

  async read(path: string): Promise<Stored | undefined> {
    checkPath(path);
    return answering(path, () => load(this.#file(path)));
  }

  async revalidate(path: string, etag: string): Promise<Stored | 'unchanged' | undefined> {
    const stored = await this.read(path);
    return stored?.etag === etag ? 'unchanged' : stored;
  }

  async create(path: string, bytes: Uint8Array): Promise<string | undefined> {
    checkPath(path);
    const file = this.#file(path);
    return answering(path, () =>
      this.#withTemporary(bytes, async (temporary) => {
        await this.#makeFolder(dirname(file));
        if (!(await linked(temporary, file))) return undefined;
        await syncFolder(dirname(file));
        return etagOf(bytes);
      }),
    );
  }

  async replace(path: string, bytes: Uint8Array, etag: string): Promise<string | undefined> {
    checkPath(path);
    const file = this.#file(path);
    return answering(path, () =>
      this.#withTemporary(bytes, (temporary) =>
        this.#exclusively(async () => {
          if ((await load(file))?.etag !== etag) return undefined;
          await rename(temporary, file);
          await syncFolder(dirname(file));
          return etagOf(bytes);
        }),
      ),
    );
  }

  async delete(path: string, etag: string): Promise<boolean> {
    checkPath(path);
    const file = this.#file(path);
    return answering(path, async () => {
      await this.#open();
      return this.#exclusively(async () => {
        if ((await load(file))?.etag !== etag) return false;
        await unlink(file);
        await syncFolder(dirname(file));
        return true;
      });
    });
  }

  async discard(path: string): Promise<void> {
    checkPath(path);
    const file = this.#file(path);
    return answering(path, async () => {
      await this.#open();
      await this.#exclusively(async () => {
        if (await unlinked(file)) await syncFolder(dirname(file));
      });
    });
  }

  async list(prefix: string): Promise<string[]> {
    checkPrefix(prefix);
    const paths = await answering(prefix, () => this.#walk(folderOf(prefix), prefix));
    return paths.sort(byCodePoint);
  }

  #file(path: string): string {
    return join(this.#root, path);
  }

  /** Makes the folder and clears it of leftovers, once; after a failure the next write tries again. */
  #open(): Promise<void> {
    this.#opening ??= this.#makeFolder(this.#temporary)
      .then(() => sweep(this.#temporary))
      .catch((error) => {
        this.#opening = undefined;
        throw error;
      });
    return this.#opening;
  }

  async #withTemporary<T>(bytes: Uint8Array, use: (temporary: string) => Promise<T>): Promise<T> {
    await this.#open();
    const temporary = await writeTemporary(this.#temporary, bytes);
    try {
      return await use(temporary);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #walk(folder: string, prefix: string): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await entriesOf(join(this.#root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || !path.startsWith(prefix)) continue;
      if (entry.isDirectory()) found.push(...(await this.#walk(path, prefix)));
      if (entry.isFile()) found.push(path);
    }
    return found;
  }
}

const etagOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

async function load(file: string): Promise<Stored | undefined> {
  try {
    const bytes = await readRegular(file);
    return bytes && { bytes, etag: etagOf(bytes) };
  } catch (error) {
    // ELOOP: a symbolic link.
    return undefinedWhere(/ENOENT|ELOOP/, error);
  }
}

const linked = (from: string, to: string): Promise<true | undefined> =>
  link(from, to).then(
    () => true,
    (error) => undefinedWhere(/EEXIST/, error),
  );

const unlinked = (file: string): Promise<true | undefined> =>
  unlink(file).then(
    () => true,
    (error) => undefinedWhere(/ENOENT|ENOTDIR/, error),
  );

/** Nothing is below a folder that is not there, nor below an object. */
const entriesOf = async (folder: string): Promise<Dirent[]> =>
  (await readdir(folder, { withFileTypes: true }).catch((error) => undefinedWhere(/ENOENT|ENOTDIR/, error))) ?? [];

function undefinedWhere(code: RegExp, error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && code.test(String(error.code)))) throw error;
}

/** What the system refuses is the storage's failure, not ours: no space, no handles, no permission, a busy lock. */
async function answering<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isOfTheSystem(error) ? new StoreUnavailable(path, { cause: error }) : error;
  }
}

const isOfTheSystem = (error: unknown): boolean =>
  error instanceof Error && ('syscall' in error || ('code' in error && error.code === 'ERR_SQLITE_ERROR'));
