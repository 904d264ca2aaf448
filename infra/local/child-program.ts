import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../adapters/registry/sha256.ts';

/** A program of ours that runs in a process of its own. */
export interface ChildProgram {
  readonly file: string;
  /** All of this installation that it reads, itself included; a folder ends in `/*`. */
  readonly reads: readonly string[];
  /** What runs instead where the file is gone: somebody may have removed it while we run. */
  readonly instead?: ChildProgram;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = realpathSync(join(root, 'node_modules'));
const RUNTIME = ['onnxruntime-node', 'onnxruntime-common'];
/** Not the whole installation: a home lies in it by default. */
const ROOMS = ['adapters', 'functions', 'infra', 'models', 'node_modules'];

/** As it is written: hundreds of files, which take most of a second to start. */
export const fromSource = (entry: string): ChildProgram => ({
  file: entry,
  reads: [...ROOMS.map((room) => join(root, room, '*')), join(root, 'package.json'), join(packages, '*')],
});

/** What there is to start: the program, or what runs instead. */
export const present = ({ instead, ...program }: ChildProgram): ChildProgram =>
  instead && !existsSync(program.file) ? instead : program;

/**
 * Programs as one file each: they start four times as fast, and read nothing but that file and ONNX Runtime. The files lie
 * in the installation, named by what they hold. Where nothing may be written there, a program runs as it is written.
 */
export async function bundled<Name extends string>(
  entries: Readonly<Record<Name, string>>,
  folder = join(packages, '.cache/modeldrop'),
): Promise<Record<Name, ChildProgram>> {
  const written = Object.entries<string>(entries).map(async ([name, entry]) => {
    const program = await bundle(name, entry, folder).catch(() => fromSource(entry));
    return [name, program] as const;
  });
  const programs = await Promise.all(written);
  // It would stay beside us, and wait for more.
  await import('esbuild').then(({ stop }) => stop()).catch(() => {});
  return Object.fromEntries(programs) as Record<Name, ChildProgram>;
}

/** Each start writes its bundles anew. Whoever still runs from one that is older goes on without it. */
const KEPT_MS = 24 * 3_600_000;

/** Removes bundles of older sources, and parts that nobody finished; another platform may be doing the same. */
async function sweep(folder: string, isOld: (name: string) => boolean): Promise<void> {
  const others = (await readdir(folder)).filter(isOld).map((other) => join(folder, other));
  await Promise.all(
    others.map(async (path) => {
      const found = await stat(path).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > KEPT_MS) await rm(path, { force: true });
    }),
  );
}

async function bundle(name: string, entry: string, folder: string): Promise<ChildProgram> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: RUNTIME,
    legalComments: 'none',
    logLevel: 'silent',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  const [{ contents }] = outputFiles as [(typeof outputFiles)[0]];
  const file = join(folder, `${name}-${sha256(contents).slice(0, 16)}.mjs`);
  await mkdir(folder, { recursive: true });
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, contents);
  await rename(part, file);
  await sweep(folder, (other) => other.startsWith(`${name}-`) && other !== basename(file));
  return { file, reads: [file, ...RUNTIME.map((one) => join(packages, one, '*'))], instead: fromSource(entry) };
}
