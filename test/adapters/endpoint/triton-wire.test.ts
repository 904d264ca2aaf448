import { expect, it } from 'vitest';
import { jsonLength } from '../../../adapters/endpoint/triton-wire.ts';

const header = JSON.stringify({ outputs: [{ name: 'a "}" and \\', shape: [1], parameters: { binary_data_size: 4 } }] });

it.each([
  ['nothing', Buffer.alloc(0)],
  ['bytes that look like JSON', Buffer.from('}{"')],
])('the JSON of an answer ends where its object does, with %s behind it', (_, tail) => {
  expect(jsonLength(Buffer.concat([Buffer.from(header), tail]))).toBe(header.length);
});

it('an answer that does not end is all JSON, and not readable', () => {
  expect(jsonLength(Buffer.from('{"outputs":'))).toBe(11);
});
