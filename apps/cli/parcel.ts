import { basename } from 'node:path';
import type { UploadFile } from '../client/upload.ts';
import { Misuse } from './failures.ts';
import { readBytes } from './read-bytes.ts';

/** What one push brings: a model file, and what goes with it. */
export interface Parcel {
  readonly file: UploadFile;
  readonly companions: readonly UploadFile[];
}

/** What a companion says when it says nothing. Its name alone tells a companion from a model file. */
const NEUTRAL: Readonly<Record<string, string>> = {
  'drop.json': '{}',
  'examples.json': '[]',
  'labelled.csv': '\n',
};

/** What svm-scale wrote, under any name; an empty one says nothing. */
const RANGE = /^[^.].*\.range$/;

/** What a person declares on the command line instead of in a `drop.json`. */
export interface Declaration {
  readonly features?: readonly string[];
  readonly labels?: readonly string[];
}

/** The one path that is the model file's. @throws Misuse where there is none, or more than one */
export function modelPathIn(paths: readonly string[]): string {
  const [first, ...more] = paths.filter((path) => !isCompanion(basename(path)));
  if (first === undefined) throw new Misuse(`no model file among ${paths.join(', ')}: companions come with one`);
  if (more.length > 0) {
    throw new Misuse(
      `push takes one model file, drop.json, examples.json, labelled.csv, a .range file and .data files; got ${[first, ...more].join(', ')}`,
    );
  }
  if (STARTS_NO_DROP.test(basename(first))) throw new Misuse(`${first} is not a model file by its name`);
  return first;
}

const STARTS_NO_DROP = /^\.|\.(range|part|report\.json)$/;

/** Tensors of an ONNX model that its exporter wrote beside it. */
const TENSORS = /\.data$/;

const isCompanion = (name: string): boolean => Object.hasOwn(NEUTRAL, name) || RANGE.test(name) || TENSORS.test(name);

/** Reads the files of a push. @throws Misuse, Failure where one can't be read */
export async function parcelOf(paths: readonly string[], declaration: Declaration): Promise<Parcel> {
  const path = modelPathIn(paths);
  const companions = await Promise.all(paths.filter((other) => other !== path).map(uploadFile));
  const names = new Set(companions.map(({ name }) => name));
  if (names.size < companions.length) throw new Misuse('push takes one of each companion');
  const declared = declarationFile(declaration);
  if (declared && names.has(declared.name)) {
    throw new Misuse('state features and labels in drop.json or on the command line, not in both');
  }
  return { file: await uploadFile(path), companions: [...companions, ...(declared ? [declared] : [])] };
}

const uploadFile = async (path: string): Promise<UploadFile> => ({
  name: basename(path),
  bytes: await readBytes(path),
});

function declarationFile(declaration: Declaration): UploadFile | undefined {
  if (Object.keys(declaration).length === 0) return undefined;
  return { name: 'drop.json', bytes: new TextEncoder().encode(JSON.stringify(declaration)) };
}

/** The same companions, with nothing to say. */
export const neutral = (companions: readonly UploadFile[]): UploadFile[] =>
  companions.map(({ name }) => ({ name, bytes: new TextEncoder().encode(NEUTRAL[name] ?? '') }));
