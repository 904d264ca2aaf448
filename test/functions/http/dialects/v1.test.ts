import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../../../closeness.ts';
import { type House, openHouse } from '../../house.ts';
import { type KnownName, knownModels } from '../../models.ts';
import { errorOf, expectPredictions, type Labelled, predictionsOf } from '../../replies.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse(['line', 'diagnosis', 'iris']);
});

const predict = (model: string, body: unknown, verb = ':predict') =>
  house.api({ method: 'POST', path: `/v1/models/${model}${verb}`, body });

const recordsOf = (name: KnownName) => {
  const { features, rows } = knownModels[name];
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [features[i], value])));
};

const columnsOf = (name: KnownName) => {
  const { features, rows } = knownModels[name];
  return Object.fromEntries(features.map((feature, i) => [feature, rows.map((row) => row[i])]));
};

describe.each(['line', 'diagnosis', 'iris'] as const)('%s answers as its reference', (name: KnownName) => {
  const { rows, predictions } = knownModels[name];

  test.each([
    ['instances as arrays', { instances: rows }],
    ['instances as records', { instances: recordsOf(name) }],
    ['records with their keys reversed', { instances: recordsOf(name).map(reversed) }],
    ['arrays and records mixed', { instances: [...rows.slice(0, 3), ...recordsOf(name).slice(3)] }],
    ['inputs as rows', { inputs: rows }],
    ['inputs as columns', { inputs: columnsOf(name) }],
    ['inputs by the name of the input', { inputs: { input: rows } }],
    ['a signature_name beside', { signature_name: 'serving_default', instances: rows }],
  ])('to %s', async (_, body) => expectPredictions(await predict(name, body), predictions));

  test('where the colon is percent-encoded', async () =>
    expectPredictions(await predict(name, { instances: rows }, '%3Apredict'), predictions));
});

const reversed = (record: object) => Object.fromEntries(Object.entries(record).reverse());

test('bare numbers are rows of a model with one feature', async () => {
  const { rows, predictions } = knownModels.line;
  expectPredictions(await predict('line', { instances: rows.flat() }), predictions);
});

describe('probabilities', () => {
  test.each(['diagnosis', 'iris'] as const)('of %s are the reference, by label', async (name) => {
    const { rows, predictions, probabilities = [], labels = [] } = knownModels[name];
    const reply = await predict(name, { instances: rows, parameters: { probabilities: true } });
    const answered = predictionsOf<Labelled>(reply);
    expect(answered.map(({ label }) => label)).toEqual(predictions);
    expectClose(
      answered.map((row) => labels.map((label) => row.probabilities[label] as number)),
      probabilities,
    );
  });

  test('are written in the order of the labels, which JSON.parse would lose', async () => {
    const { rows } = knownModels.iris;
    const { text } = await predict('iris', { instances: rows.slice(0, 1), parameters: { probabilities: true } });
    expect(text).toMatch(/"probabilities":\{"1":[\d.e-]+,"0":[\d.e-]+,"2":/);
  });

  test('are refused where the model has none', async () => {
    const reply = await predict('line', { instances: [[1]], parameters: { probabilities: true } });
    expect(reply.status).toBe(422);
    expect(errorOf(reply)).toContain('parameters.probabilities');
  });
});

test('values outside the training range are named beside the predictions', async () => {
  const { json } = await predict('line', { instances: [[2]] });
  expect(json).toMatchObject({ parameters: { outside: [{ row: 0, feature: 'x', value: 2 }] } });
});

test('at most a hundred values outside are named', async () => {
  const { json } = await predict('line', { instances: Array.from({ length: 500 }, () => [9]) });
  expect((json as { parameters: { outside: unknown[] } }).parameters.outside).toHaveLength(100);
});

test('an answer says which version answered, on which channel, where', async () => {
  const { headers } = await predict('line', { instances: [[0.5]] });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-modeldrop-version': '1',
    'x-modeldrop-channel': 'stable',
    'x-modeldrop-placement': 'lambda',
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(headers).not.toHaveProperty('x-modeldrop-stale');
});
