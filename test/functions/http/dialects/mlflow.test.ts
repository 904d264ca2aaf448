import { beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../house.ts';
import { type KnownName, knownModels } from '../../models.ts';
import { expectPredictions, type Labelled, predictionsOf } from '../../replies.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse(['line', 'diagnosis', 'iris']);
});

const doors = {
  '/invocations?model=': (model: string) => `/invocations?model=${model}`,
  '/v1/models/{model}/invocations': (model: string) => `/v1/models/${model}/invocations`,
};

const csv = { 'Content-Type': 'text/csv; charset=utf-8' };

function formsOf(name: KnownName): [string, unknown, Record<string, string>?][] {
  const { features, rows } = knownModels[name];
  const turned = [...features].reverse();
  const records = rows.map((row) => Object.fromEntries(row.map((value, i) => [features[i], value])));
  const lines = rows.map((row) => row.join(','));
  return [
    ['dataframe_split', { dataframe_split: { columns: features, data: rows } }],
    [
      'dataframe_split with an index',
      { dataframe_split: { columns: features, index: rows.map((_, i) => i), data: rows } },
    ],
    ['dataframe_split without columns', { dataframe_split: { data: rows } }],
    [
      'dataframe_split in another order',
      { dataframe_split: { columns: turned, data: rows.map((row) => row.toReversed()) } },
    ],
    ['dataframe_records', { dataframe_records: records }],
    ['instances', { instances: rows }],
    ['inputs as rows', { inputs: rows }],
    [
      'inputs as columns',
      { inputs: Object.fromEntries(features.map((feature, i) => [feature, rows.map((row) => row[i])])) },
    ],
    ['CSV with a header', [features.join(','), ...lines].join('\n'), csv],
    [
      'CSV with a header in another order',
      [turned.join(','), ...rows.map((row) => row.toReversed().join(','))].join('\n'),
      csv,
    ],
    ['CSV without a header', lines.join('\n'), csv],
    [
      'CSV with a byte order mark, CRLF and a last line break',
      `\ufeff${[features.join(','), ...lines].join('\r\n')}\r\n`,
      csv,
    ],
    [
      'CSV with quotes and spaces',
      lines
        .map((line) =>
          line
            .split(',')
            .map((cell) => `"${cell}" `)
            .join(', '),
        )
        .join('\n'),
      csv,
    ],
  ];
}

describe.each(Object.entries(doors))('%s', (_, pathOf) => {
  describe.each(['line', 'diagnosis', 'iris'] as const)('%s answers as its reference', (name: KnownName) => {
    test.each(formsOf(name))('to %s', async (_form, body, headers = {}) => {
      const reply = await house.api({ method: 'POST', path: pathOf(name), headers, body });
      expectPredictions(reply, knownModels[name].predictions);
    });
  });
});

test.each(['params', 'parameters'])('probabilities are asked for by %s', async (word) => {
  const { rows, predictions } = knownModels.iris;
  const body = { instances: rows, [word]: { probabilities: true } };
  const reply = await house.api({ method: 'POST', path: '/invocations?model=iris', body });
  expect(predictionsOf<Labelled>(reply).map(({ label }) => label)).toEqual(predictions);
});

const REFUSED: [string, string, unknown, number, Record<string, string>?][] = [
  ['no model in the query', '/invocations', { instances: [[1]] }, 400],
  ['an empty model in the query', '/invocations?model=', { instances: [[1]] }, 400],
  ['an unknown model', '/invocations?model=nobody', { instances: [[1]] }, 404],
  ['two ways at once', '/invocations?model=line', { instances: [[1]], dataframe_records: [] }, 400],
  ['no way at all', '/invocations?model=line', {}, 400],
  ['columns named twice', '/invocations?model=line', { dataframe_split: { columns: ['x', 'x'], data: [[1, 2]] } }, 400],
  ['an unknown column', '/invocations?model=line', { dataframe_split: { columns: ['y'], data: [[1]] } }, 422],
  ['a row too short', '/invocations?model=iris', { dataframe_split: { data: [[1, 2]] } }, 400],
  ['data that is no array', '/invocations?model=line', { dataframe_split: { data: {} } }, 400],
  ['an empty CSV', '/invocations?model=line', '', 400, csv],
  ['a CSV of blank lines', '/invocations?model=line', '\n\n', 400, csv],
  ['a CSV with a ragged row', '/invocations?model=iris', '1,2,3,4\n1,2,3', 400, csv],
  ['a CSV with an open quote', '/invocations?model=line', '"1', 400, csv],
  ['a CSV with an empty cell', '/invocations?model=iris', '1,2,3,4\n1,,3,4', 422, csv],
  ['a CSV with a word', '/invocations?model=line', 'x\nabc', 422, csv],
  ['a CSV of an endless cell', '/invocations?model=line', `1\n2"${'z'.repeat(100_000)}`, 400, csv],
  ['a CSV with bytes that are no UTF-8', '/invocations?model=line', Uint8Array.of(49, 10, 0xff), 400, csv],
  ['a CSV of another model', '/invocations?model=line', '1,2,3', 422, csv],
  ['an endless number', '/invocations?model=line', 'Infinity', 422, csv],
];

describe('refuses', () => {
  test.each(REFUSED)('%s', async (_, path, body, status, headers = {}) => {
    const reply = await house.api({ method: 'POST', path, body, headers });
    expect(reply.status, reply.text.slice(0, 300)).toBe(status);
    expect(reply.text.length).toBeLessThan(2_000);
    expect(reply.json).toMatchObject({
      error: expect.any(String),
      message: expect.any(String),
      error_code: expect.stringMatching(/^[A-Z_]+$/),
    });
  });
});
