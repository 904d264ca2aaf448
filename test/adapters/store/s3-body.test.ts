import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { type AnnouncedBody, BodyDamaged, bodyOf } from '../../../adapters/store/s3-body.ts';

const answer = (ContentLength: number, ...chunks: string[]): AnnouncedBody => ({
  Body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
  ContentLength,
});

test('joins the chunks', async () => {
  expect(await bodyOf(answer(5, 'ab', 'cde'))).toEqual(new Uint8Array([97, 98, 99, 100, 101]));
});

test('takes an empty body', async () => {
  expect(await bodyOf(answer(0))).toEqual(new Uint8Array());
});

test.each([
  ['short', 6],
  ['long', 4],
])('refuses a body that is too %s for its length', async (_, announced) => {
  await expect(bodyOf(answer(announced, 'ab', 'cde'))).rejects.toThrow(BodyDamaged);
});
