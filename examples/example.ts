import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ModelFile } from '../models/formats/format.ts';

/** What a user would drop: the model file first, then its companions. */
export interface BuiltExample {
  readonly name: string;
  readonly files: readonly ModelFile[];
  /** One line on what was learned and how good it is. */
  readonly summary: string;
}

/** A file beside an example's program. */
export const fileBeside = async (program: string, name: string): Promise<ModelFile> => ({
  name,
  bytes: await readFile(new URL(name, program)),
});

const utf8 = new TextEncoder();

export const jsonFile = (name: string, content: unknown): ModelFile => ({
  name,
  bytes: utf8.encode(`${JSON.stringify(content, null, 2)}\n`),
});

export const sha256 = ({ bytes }: ModelFile): string => createHash('sha256').update(bytes).digest('hex');
