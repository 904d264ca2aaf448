import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { readText } from '../text.ts';
import { type Entry, TextHeader } from '../text-header.ts';

const HEADER = [
  'version',
  'num_class',
  'num_tree_per_iteration',
  'max_feature_idx',
  'objective',
  'average_output',
  'feature_names',
  'feature_infos',
  'tree_sizes',
] as const;
export type LightgbmHeader = TextHeader<(typeof HEADER)[number]>;

const TREE = [
  'num_leaves',
  'num_cat',
  'split_feature',
  'threshold',
  'decision_type',
  'left_child',
  'right_child',
  'leaf_value',
  'leaf_count',
  'internal_count',
  'cat_boundaries',
  'cat_threshold',
  'is_linear',
] as const;
export type LightgbmTree = TextHeader<(typeof TREE)[number]>;

/** A model file in its parts, each line under its key. Lines that scoring does not need are left out. */
export interface LightgbmText {
  readonly header: LightgbmHeader;
  readonly trees: readonly LightgbmTree[];
  /** Columns that training was told to be categories, where the file says so. */
  readonly categorical: readonly number[];
  /** The categories of pandas columns, as JSON; the file's last line. */
  readonly pandas: string | undefined;
}

const TREE_LINE = /^Tree=/;
/** Older releases go on with the importances at once. */
const END = /^(?:end of trees|feature[ _]importances:)/;
const PANDAS = 'pandas_categorical:';
const CATEGORICAL = /^\[categorical_feature: ?([\d,]+)\]/;

/** @throws ModelFileRefused where a key comes twice, or the file ends before its trees do */
export function readParts(file: ModelFile): LightgbmText {
  const lines = readText(file).split(/\r?\n/);
  const end = lines.findIndex((line) => END.test(line));
  if (end === -1) {
    throw new ModelFileRefused({ where: file.name, rule: 'ends before the line "end of trees": the file is cut off' });
  }
  const starts = [...lines.keys()].filter((index) => index < end && TREE_LINE.test(lines[index] as string));
  const bounds = [...starts, end];
  const rest = lines.slice(end);
  const categorical = rest.map((line) => CATEGORICAL.exec(line)?.[1]).find((list) => list !== undefined);
  return {
    // The first line is the word "tree".
    header: block(file.name, lines, [1, bounds[0] as number], HEADER),
    trees: starts.map((start, t) =>
      block(`${file.name}, Tree=${t}`, lines, [start + 1, bounds[t + 1] as number], TREE),
    ),
    categorical: categorical?.split(',').map(Number) ?? [],
    pandas: rest.find((line) => line.startsWith(PANDAS))?.slice(PANDAS.length),
  };
}

/** The lines `key=value value ...` of one part. */
function block<Key extends string>(
  where: string,
  lines: readonly string[],
  [from, to]: readonly [number, number],
  keys: readonly Key[],
): TextHeader<Key> {
  const known: ReadonlySet<string> = new Set(keys);
  const entries = new Map<Key, Entry>();
  for (let index = from; index < to; index++) {
    const line = lines[index] as string;
    // Names of features may hold the sign too.
    const at = line.indexOf('=');
    const key = (at === -1 ? line : line.slice(0, at)).trim();
    if (!known.has(key)) continue;
    if (entries.has(key as Key)) {
      throw new ModelFileRefused({ where: `${where} line ${index + 1}`, rule: `must not state ${key} twice` });
    }
    const words = at === -1 ? [] : line.slice(at + 1).split(' ');
    entries.set(key as Key, { line: index + 1, words: words.filter((word) => word !== '') });
  }
  return new TextHeader(where, entries, to);
}
