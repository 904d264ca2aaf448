import type { TfIdf } from '../../../preparation/tf-idf.ts';
import type { Graph } from './graph.ts';
import { append, type Block, type Column, type Sheet, without } from './sheet.ts';

/** Words as `wordsIn` finds them, in the notation of RE2. */
const WORD = '[\\p{L}\\p{N}\\p{M}_]{2,}';

/** The locale in which ONNX Runtime's Node package has small letters for all alphabets. */
const LOCALE = 'C.UTF-8';

/** Of these letters ONNX Runtime makes other small ones: a dotted I, and a Sigma at the end of a word. */
const OTHER_SMALL_LETTERS = '(?s).*(İ|[\\p{L}\\p{M}]Σ(\\P{L}|$)).*';

/** Counts the words of a text, weighs them, and gives each row the length 1. */
export function weighWords(graph: Graph, { column, vocabulary, idf }: TfIdf, position: number, sheet: Sheet): Sheet {
  const { block, origin } = sheet.columns[position] as Column;
  const { value } = sheet.blocks[block] as Block;
  const codes = new Map(vocabulary.map((word, code) => [word, code]));
  const texts = graph.op('Squeeze', [value, graph.integers([1])]);
  const guard = {
    bad: graph.op('RegexFullMatch', [texts], { pattern: OTHER_SMALL_LETTERS }),
    rule: `${column} must hold no dotted I, and no Sigma at the end of a word`,
  };
  const lower = graph.op('StringNormalizer', [texts], { case_change_action: 'LOWER', locale: LOCALE });
  const words = graph.op('com.microsoft.Tokenizer', [lower], {
    tokenexp: WORD,
    mark: 0,
    mincharnum: 1,
    pad_value: '',
  });
  const counts = graph.op('TfIdfVectorizer', [words], {
    mode: 'TF',
    min_gram_length: 1,
    max_gram_length: 1,
    max_skip_count: 0,
    ngram_counts: [0],
    ngram_indexes: [...codes.values()],
    pool_strings: [...codes.keys()],
  });
  const weighed = graph.op('Mul', [graph.op('Cast', [counts], { to: graph.real }), graph.reals(idf)]);
  const squares = graph.op('ReduceSum', [graph.op('Mul', [weighed, weighed]), graph.integers([1])], { keepdims: 1 });
  // A text without a known word stays at zero.
  const length = graph.op('Where', [
    graph.op('Greater', [squares, graph.reals([0])]),
    graph.op('Sqrt', [squares]),
    graph.reals([1]),
  ]);
  const headers = vocabulary.map((word) => ({ name: `${column}:${word}`, type: 'number' as const, origin }));
  const rest = { ...without(sheet, [position]), guards: [...sheet.guards, guard] };
  return append(rest, graph.op('Div', [weighed, length]), headers);
}
