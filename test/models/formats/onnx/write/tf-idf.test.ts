import { describe, expect, it, test } from 'vitest';
import { writeOnnx } from '../../../../../models/formats/onnx/write/write-onnx.ts';
import { expectAgreement, readModel, tensorsOf } from './agreement.ts';
import { openSession, runOnnx } from './run-onnx.ts';

const vocabulary = ['red', 'blue', 'straße', 'été', 'οδός', 'ок', '中文', 'x1', '_a', 'don'];

/** Adds up the weights of words, each by a factor of its own. */
const model = readModel({
  modeldrop: 1,
  kind: 'linear',
  features: ['note'],
  types: { note: 'text' },
  preparation: [
    { step: 'impute', columns: ['note'], values: [''] },
    { step: 'tf-idf', column: 'note', vocabulary, idf: vocabulary.map((_, code) => 1 + code / 7) },
  ],
  parameters: { coefficients: [vocabulary.map((_, code) => 1 + code)], intercept: [0.5] },
});
const session = await openSession(writeOnnx(model, { precision: 'double', release: '1.2.3' }));

describe('words', () => {
  test.each([
    ['none', ''],
    ['that are not known', 'green 12'],
    ['of one letter', 'a b c'],
    ['in capitals', 'RED Straße STRASSE ÉTÉ ОК'],
    ['between all sorts of signs', "don't red,blue\nblue\tred\u00a0red\u2028blue—x1/_a"],
    ['beside emoji', '😀red😀 😀😀'],
    ['of other alphabets', 'οδός ок 中文'],
    ['many', 'red '.repeat(5000)],
  ])('%s are counted alike', async (_, text) => {
    expect(await expectAgreement(model, session, tensorsOf(model, [[text], ['red'], [text]]))).toBe(true);
  });

  it.each(['İstanbul', 'ΟΔΟΣ', 'ΟΔΟΣ 1'])(
    'whose small letters ONNX Runtime gets wrong are refused: %s',
    async (text) => {
      await expect(runOnnx(session, tensorsOf(model, [[text]]))).rejects.toThrow(
        'note must hold no dotted I, and no Sigma at the end of a word',
      );
    },
  );

  it('have weights of their own where the vocabulary says one twice', async () => {
    const twice = readModel({
      modeldrop: 1,
      kind: 'linear',
      features: ['note'],
      types: { note: 'text' },
      preparation: [{ step: 'tf-idf', column: 'note', vocabulary: ['red', 'red', 'blue'], idf: [1, 2, 3] }],
      parameters: { coefficients: [[1, 10, 100]], intercept: [0] },
    });
    const opened = await openSession(writeOnnx(twice, { precision: 'double', release: '1.2.3' }));
    expect(await expectAgreement(twice, opened, tensorsOf(twice, [['red blue red']]))).toBe(true);
  });
});
