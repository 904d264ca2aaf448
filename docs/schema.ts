import { writeFile } from 'node:fs/promises';
import { ModelJson } from '../models/formats/model-json.ts';
import { kinds } from '../models/kinds/kinds.ts';

/** The published JSON Schema of `model.json`, from the schemas that its reader checks with. */
export function modelSchema(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'model.json',
    ...ModelJson,
    allOf: Object.entries(kinds).map(([kind, { parameters }]) => ({
      if: { properties: { kind: { const: kind } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
      then: { properties: { parameters } },
    })),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

export const MODEL_SCHEMA = new URL('./model.schema.json', import.meta.url);

if (import.meta.main) await writeFile(MODEL_SCHEMA, modelSchema());
