import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { type ChildProgram, fromSource, packages, RUNTIME, root } from './child-program.ts';
import { areAsTheyWere, type Source, sourcesAt } from './sources.ts';

type Build = typeof import('esbuild').build;

/** What a bundle was made of, beside it. */
interface Made {
  readonly file: string;
  readonly sources: readonly Source[];
}

/** A program, and where its bundles lie. */
interface Place {
  readonly name: string;
  readonly entry: string;
  readonly folder: string;
}

/**
 * Programs as one file each: they start four times as fast, and read nothing but that file and ONNX Runtime. The files lie
 * in the installation, named by what they hold, and are made anew where a source has changed. Where nothing may be written there,
 * a program runs as it is written.
 */
export async function bundled<Name extends string>(
  entries: Readonly<Record<Name, string>>,
  folder = join(packages, '.cache/modeldrop'),
): Promise<Record<Name, ChildProgram>> {
  const places = Object.entries<string>(entries).map(([name, entry]) => ({ name, entry, folder }));
  const files = await Promise.all(places.map(madeBefore));
  if (files.includes(undefined)) {
    const { build, stop } = await import('esbuild');
    const made = places.map((place, i) => files[i] ?? make(place, build).catch(() => undefined));
    files.splice(0, files.length, ...(await Promise.all(made)));
    // It would stay beside us, and wait for more.
    await stop();
  }
  const programs = places.map(({ name, entry }, i) => [name, programAt(files[i], entry)] as const);
  return Object.fromEntries(programs) as Record<Name, ChildProgram>;
}

function programAt(file: string | undefined, entry: string): ChildProgram {
  const instead = fromSource(entry);
  if (file === undefined) return instead;
  return { file, reads: [file, ...RUNTIME.map((one) => join(packages, one, '*'))], instead };
}

const recordOf = ({ name, folder }: Place): string => join(folder, `${name}.json`);

const fileName = ({ name }: Place, contents: Uint8Array): string => `${name}-${sha256(contents).slice(0, 16)}.mjs`;

/** Undefined where there is none of these sources, or it is not what its name says. */
async function madeBefore(place: Place): Promise<string | undefined> {
  try {
    const { file, sources } = JSON.parse(await readFile(recordOf(place), 'utf8')) as Made;
    const isWhole = file === join(place.folder, fileName(place, await readFile(file)));
    return isWhole && (await areAsTheyWere(sources)) ? file : undefined;
  } catch {
    return undefined;
  }
}

async function make(place: Place, build: Build): Promise<string> {
  const { name, entry, folder } = place;
  const startedAt = Date.now();
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: RUNTIME,
    legalComments: 'none',
    logLevel: 'silent',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  const [{ contents }] = outputFiles as [(typeof outputFiles)[0]];
  const file = join(folder, fileName(place, contents));
  await mkdir(folder, { recursive: true });
  await writeAtOnce(file, contents);
  const sources = await sourcesAt([
    import.meta.filename,
    ...Object.keys(metafile.inputs).map((path) => join(root, path)),
  ]);
  // What was changed while we read it may be in the bundle or not.
  const isSure = sources.every(({ changedAt }) => changedAt < startedAt);
  if (isSure) await writeAtOnce(recordOf(place), JSON.stringify({ file, sources } satisfies Made));
  await sweep(folder, (other) => other.startsWith(`${name}-`) && other !== basename(file));
  return file;
}

async function writeAtOnce(file: string, contents: Uint8Array | string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, contents);
  await rename(part, file);
}

/** Whoever still runs from a bundle that is older goes on without it. */
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
