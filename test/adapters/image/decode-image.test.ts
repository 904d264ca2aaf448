import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../adapters/image/decode-image.ts';
import type { ImageType } from '../../../models/image/image-types.ts';
import { referenceFile } from '../../reference.ts';
import { seeded } from '../../seeded.ts';

const png = referenceFile('images/colours.png').bytes;
const jpeg = referenceFile('images/photo.jpg').bytes;

/** A PNG that says it is so large, with hardly anything behind it. */
function claiming(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('what is no image is refused', () => {
  it.each<[string, Uint8Array, ImageType]>([
    ['nothing', new Uint8Array(), 'image/png'],
    ['text', Buffer.from('{"instances": []}'), 'image/png'],
    ['a JPEG that is called PNG', jpeg, 'image/png'],
    ['a PNG that is called JPEG', png, 'image/jpeg'],
    ['half a PNG', png.subarray(0, 900), 'image/png'],
    ['the head of a PNG', png.subarray(0, 33), 'image/png'],
    ['the head of a JPEG', jpeg.subarray(0, 200), 'image/jpeg'],
    ['a PNG with fewer pixels than it says', claiming(1000, 1000), 'image/png'],
  ])('%s', async (_, bytes, type) => {
    await expect(decodeImage(bytes, type)).rejects.toMatchObject({ status: 400, name: 'MalformedRequest' });
  });

  it.each([
    ['more pixels than are decoded', 60_000, 60_000],
    ['a longer side than is resized', 1, 16_385],
  ])('a file that says it has %s, before any is', async (_, width, height) => {
    await expect(decodeImage(claiming(width, height), 'image/png')).rejects.toMatchObject({
      status: 422,
      message: `body must have at most 24,000,000 pixels, and at most 16,384 a side, got "${width} x ${height}"`,
    });
  });
});

describe.each<[string, Uint8Array, ImageType]>([
  ['PNG', png, 'image/png'],
  ['JPEG', jpeg, 'image/jpeg'],
])('files of %s with bytes changed', (_, bytes, type) => {
  it('are decoded or refused, and the next whole one is decoded as ever', async () => {
    const next = seeded(11);
    const whole = await decodeImage(bytes, type);
    for (let i = 0; i < 150; i++) {
      const changed = Uint8Array.from(bytes);
      for (let k = 0; k <= i % 3; k++) changed[Math.floor(next() * changed.length)] = Math.floor(next() * 256);
      await decodeImage(changed, type).catch(({ status }) => expect([400, 422]).toContain(status));
    }
    expect(await decodeImage(bytes, type)).toEqual(whole);
  });
});
