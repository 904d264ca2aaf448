import { sha256 } from '../../adapters/registry/sha256.ts';

export const DROP_FILE = 'drop.json';
export const EXAMPLES_FILE = 'examples.json';
/** Rows with their truth: a new version must not be worse on them than the one that serves. */
export const LABELLED_FILE = 'labelled.csv';

/** What a model file does not say itself comes beside it. */
export const COMPANIONS = [DROP_FILE, EXAMPLES_FILE, LABELLED_FILE] as const;

/** What svm-scale wrote of a table lies beside the model that was trained on it, under a name of its owner's. */
export const isRange = (file: string): boolean => file.endsWith('.range');

/** Tensors of a model that its exporter wrote beside it. */
export const isTensorData = (file: string): boolean => file.endsWith('.data');

/** Where a file of a model is dropped. */
export const inboxKey = (model: string, file: string): string => `inbox/${model}/${file}`;

export interface Place {
  readonly model: string;
  readonly file: string;
}

/** The model and the file of an inbox key; undefined for a key of another shape. */
export function parseInboxKey(key: string): Place | undefined {
  const [inbox, model, file, ...deeper] = key.split('/');
  return inbox === 'inbox' && model && file && deeper.length === 0 ? { model, file } : undefined;
}

/** Companions, reports and unfinished uploads start no drop. */
export const startsDrop = (file: string): boolean =>
  !(COMPANIONS as readonly string[]).includes(plainName(file)) && !/^\.|\.(data|range|part|report\.json)$/.test(file);

/** A table to learn from, whose name says so. */
export const isTable = (file: string): boolean => /^train\.(csv|jsonl|parquet)$/.test(file);

/** What was learned from a table lands under such a name, and goes on as the table's own drop. */
export const trainedFile = (id: string, name: string): string => `trained-${id}.${name}`;

/** The drop of the table that a model file was learned from. */
export const trainedFrom = (file: string): string | undefined =>
  /^trained-([0-9a-f]{16})\.(json|onnx)$/.exec(file)?.[1];

/** What a file of the inbox is: a companion of what was learned has its model's name before its own. */
export const plainName = (file: string): string =>
  /^trained-[0-9a-f]{16}\.((drop|examples)\.json)$/.exec(file)?.[1] ?? file;

/** A drop is named by where it landed and what it was, so that the same event twice is the same drop. */
export const dropId = (key: string, contentHash: string): string => sha256(`${key}\n${contentHash}`).slice(0, 16);
