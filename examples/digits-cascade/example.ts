import { tarGz } from '../../adapters/archive/tar-gz.ts';
import { parseTable } from '../../adapters/table/read-table.ts';
import type { Frame } from '../../models/frame.ts';
import { readIndices } from '../../models/learning/split.ts';
import { train } from '../../models/learning/train.ts';
import { type BuiltExample, fileBeside, jsonFile } from '../example.ts';

const digits = new URL('../digits-svm/example.ts', import.meta.url).href;
const cnn = new URL('../digits-cnn/example.ts', import.meta.url).href;
const TARGET = 'target';
/** The network takes grey values from 0 to 1, the table has them from 0 to 16. */
const WHITE = 16;

/** Found out of fold by `modeldrop plan --cascade`: at this confidence four rows of five are kept. */
const SURENESS = { threshold: 0.977, temperature: 0.889 };

/** Logistic regression first, the CNN where it is not sure. */
export async function build(): Promise<BuiltExample> {
  const table = await parseTable(await fileBeside(digits, 'digits.csv'));
  const { frame } = table;
  const scaled = { ...table, frame: { ...frame, columns: frame.columns.map(brightened) } };
  const rows = async (name: string) => readIndices(await fileBeside(digits, name), frame.count);
  const [learned, tested] = [await rows('digits.train.idx'), await rows('digits.test.idx')];
  const recipe = { target: TARGET, kind: 'logistic' } as const;
  const ports = { now: () => performance.now(), onProgress: () => {} };
  const { model } = train(scaled, recipe, { train: learned, test: tested }, ports);
  const stated = { modeldrop: 1, kind: 'cascade', small: 'small.json', large: 'digits-cnn.onnx', ...SURENESS };
  const parts = [
    jsonFile('cascade.json', { ...stated, labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], scores: 'logits' }),
    jsonFile('small.json', model),
    await fileBeside(cnn, 'digits-cnn.onnx'),
  ];
  return {
    name: 'digits-cascade',
    files: [
      { name: 'cascade.tar.gz', bytes: await tarGz(parts) },
      jsonFile('drop.json', { placement: 'endpoint', image: { width: 8, height: 8, channels: 1, layout: 'NCHW' } }),
      jsonFile('examples.json', [trueDigits(scaled.frame, tested.subarray(0, 10))]),
    ],
    summary: 'logistic regression first, the CNN where it is not sure',
  };
}

const brightened = (column: Frame['columns'][number]): Frame['columns'][number] =>
  column.type === 'number' && column.name !== TARGET
    ? { ...column, values: column.values.map((value) => value / WHITE) }
    : column;

/** What was written, not what a model makes of it. */
function trueDigits({ columns }: Frame, rows: Int32Array) {
  const [target, pixels] = [columns.find(({ name }) => name === TARGET), columns.filter(({ name }) => name !== TARGET)];
  const instances = Array.from(rows, (row) => pixels.map(({ values }) => Number(values[row])));
  return { inputs: { instances }, outputs: Array.from(rows, (row) => Number(target?.values[row])) };
}
