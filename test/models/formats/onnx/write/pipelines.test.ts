import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeOnnx } from '../../../../../models/formats/onnx/write/write-onnx.ts';
import { expectAgreement, ownAnswer, readModel, tensorsOf } from './agreement.ts';
import { randomPipeline } from './random-pipeline.ts';
import { openSession } from './run-onnx.ts';

test('any pipeline answers in ONNX Runtime what it answers itself, and refuses what it refuses', {
  timeout: 120_000,
}, async () => {
  let [answered, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom('disabled', 'all' as const), async (seed, level) => {
      const { model: json, rows } = randomPipeline(seed);
      const model = readModel(json);
      const session = await openSession(writeOnnx(model, { precision: 'double', release: '1.2.3' }), level as 'all');
      const good: (typeof rows)[number][] = [];
      for (const row of rows) {
        const did = await expectAgreement(model, session, tensorsOf(model, [row]));
        if (did) good.push(row);
        did ? answered++ : refused++;
      }
      const together = tensorsOf(model, good);
      if (good.length > 0 && (await ownAnswer(model, together))) await expectAgreement(model, session, together);
    }),
    { numRuns: 100 },
  );
  expect(answered, 'rows that were answered').toBeGreaterThan(100);
  expect(refused, 'rows that were refused').toBeGreaterThan(50);
});
