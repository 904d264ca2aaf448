import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { MODEL_SCHEMA, modelSchema } from '../../docs/schema.ts';
import { build } from '../../examples/diagnosis/example.ts';

describe('the published schema of model.json', () => {
  it('is the one that the reader’s own schemas make: run docs/schema.ts', async () => {
    expect(await readFile(MODEL_SCHEMA, 'utf8')).toBe(modelSchema());
  });

  it('takes a bundled example, and refuses parameters of another kind', async () => {
    const schema = Compile(JSON.parse(modelSchema()));
    const { files } = await build();
    const model = JSON.parse(new TextDecoder().decode(files[0]?.bytes));
    expect(schema.Check(model)).toBe(true);
    expect(schema.Check({ ...model, kind: 'svm' })).toBe(false);
  });
});
