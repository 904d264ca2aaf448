import { describe, expect, it } from 'vitest';
import { modelJson } from '../../../models/formats/model-json.ts';
import { refusalOf, textFile } from './files.ts';

const whole = {
  $schema: './model.schema.json',
  modeldrop: 1,
  kind: 'logistic',
  features: ['a', 'b'],
  labels: ['no', 'yes'],
  preparation: [{ step: 'standardize', mean: [1, 2], scale: [1, 0.5] }],
  parameters: { coefficients: [[1, 2]], intercept: [0] },
  baseline: {
    rows: 10,
    features: [
      { name: 'a', min: 0, max: 1, mean: 0.5 },
      { name: 'b', min: -1, max: 3, mean: 1 },
    ],
  },
  metrics: { test: { accuracy: 0.9, auc: null } },
  card: { target: 'sick', limits: 'none known' },
};

const read = (content: unknown, declared = {}) =>
  modelJson.read(textFile('m.json', typeof content === 'string' ? content : JSON.stringify(content)), declared);

describe('reading model.json', () => {
  it('finds all that the file says', () => {
    const { scorer, plan, ...rest } = read(whole);
    expect(plan.names).toEqual(['a', 'b']);
    expect(rest).toEqual({
      kind: 'logistic',
      features: ['a', 'b'],
      labels: { datatype: 'BYTES', values: ['no', 'yes'] },
      preparation: whole.preparation,
      baseline: whole.baseline,
      // Those of the baseline, scaled as the rows will be.
      means: Float64Array.of(-0.5, -2),
      metrics: whole.metrics,
      card: whole.card,
    });
    expect(scorer.outputs).toHaveLength(3);
  });

  it('needs no more than kind, features and parameters', () => {
    const parameters = { coefficients: [[1]], intercept: [0] };
    const { scorer, plan, ...rest } = read({ modeldrop: 1, kind: 'linear', features: ['x'], parameters });
    expect(rest).toEqual({ kind: 'linear', features: ['x'], preparation: [] });
  });

  it('takes the means that it states, and knows none where more than scaling is prepared', () => {
    const model = {
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[1]], intercept: [0] },
    };
    const baseline = { rows: 2, features: [{ name: 'x', min: 0, max: 2, mean: 1 }] };
    expect(read({ ...model, baseline, means: [7] }).means).toEqual(Float64Array.of(7));
    expect(read({ ...model, baseline, preparation: [{ step: 'impute', values: [0] }] }).means).toBeUndefined();
    expect(refusalOf(() => read({ ...model, means: [1, 2] }))).toContain('m.json.means must hold 1 numbers');
  });

  it('takes a byte order mark', () => expect(read(`\ufeff${JSON.stringify(whole)}`).kind).toBe('logistic'));

  it('takes declared names instead of its own, in the baseline too', () => {
    const { features, labels, baseline } = read(whole, { features: ['age', 'weight'], labels: [0, 1] });
    expect(features).toEqual(['age', 'weight']);
    expect(labels).toEqual({ datatype: 'INT64', values: [0, 1] });
    expect(baseline?.features.map(({ name }) => name)).toEqual(['age', 'weight']);
  });

  it.each<[string, unknown, string]>([
    ['another version', { ...whole, modeldrop: 2 }, 'm.json.modeldrop must be 1, got 2'],
    ['an unknown kind', { ...whole, kind: 'forest' }, 'm.json.kind'],
    ['a property that it does not know', { ...whole, weights: [] }, 'm.json.weights is not a known property'],
    ['no features', { ...whole, features: [] }, 'm.json.features'],
    ['a feature without a name', { ...whole, features: ['a', ''] }, 'm.json.features[1]'],
    ['a feature twice', { ...whole, features: ['a', 'a'] }, 'm.json.features[1] must not repeat a name, got "a"'],
    ['a label twice', { ...whole, labels: [1, '1'] }, 'm.json.labels[1] must not repeat a name, got "1"'],
    ['one label', { ...whole, labels: [1] }, 'm.json.labels'],
    ['no labels', { ...whole, labels: undefined }, 'm.json.parameters of kind logistic needs labels'],
    [
      'a coefficient too many',
      { ...whole, parameters: { coefficients: [[1, 2, 3]], intercept: [0] } },
      'm.json.parameters.coefficients[0] must hold 2 numbers, one a feature, got an array of 3',
    ],
    [
      'a preparation of another width',
      { ...whole, preparation: [{ step: 'standardize', mean: [1, 2], scale: [1] }] },
      'm.json.preparation[0].scale must hold 2, one a column, got an array of 1',
    ],
    [
      'a scale of 0',
      { ...whole, preparation: [{ step: 'standardize', mean: [1, 2], scale: [1, 0] }] },
      'm.json.preparation[0].scale[1]',
    ],
    [
      'a baseline in another order',
      { ...whole, baseline: { ...whole.baseline, features: whole.baseline.features.toReversed() } },
      'm.json.baseline.features must name the features in their order',
    ],
    ['an array', [whole], 'm.json must be object'],
    ['a key twice', '{"modeldrop":1,"modeldrop":1}', 'm.json.modeldrop must not be stated twice'],
    ['a file cut off', JSON.stringify(whole).slice(0, -20), 'm.json.card'],
    [
      'a number beyond doubles',
      '{"modeldrop":1,"kind":"linear","features":["x"],"parameters":{"coefficients":[[1e999]],"intercept":[0]}}',
      'm.json.parameters.coefficients[0][0] must be number',
    ],
  ])('refuses %s', (_, content, message) => expect(refusalOf(() => read(content))).toContain(message));

  it('refuses declared names that are not as many', () => {
    expect(refusalOf(() => read(whole, { features: ['a'] }))).toBe(
      'drop.json.features must name the 2 features of the model, got an array of 1',
    );
    expect(refusalOf(() => read(whole, { labels: [1, 2, 3] }))).toContain('drop.json.labels must name the 2 labels');
    expect(refusalOf(() => read(whole, { features: ['a', 'a'] }))).toContain('drop.json.features[1] must not repeat');
    const linear = {
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[1]], intercept: [0] },
    };
    expect(refusalOf(() => read(linear, { labels: [1, 2] }))).toContain('drop.json.labels must be absent');
  });
});
