import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../adapters/image/decode-image.ts';
import { type ImageSpec, imageShape } from '../../../models/image/image-spec.ts';
import { imageTensor } from '../../../models/image/image-tensor.ts';
import type { Tensor } from '../../../models/tensor.ts';
import { referenceFile, referenceJson } from '../../reference.ts';

interface Made {
  readonly size: [number, number];
  readonly rgb: number[];
  readonly grey: number[];
}
const expected = referenceJson<Record<string, Made[]>>('images/expected.json');

const signatureOf = (spec: ImageSpec) => ({
  inputs: [{ name: 'image', datatype: 'FP32' as const, shape: [-1, ...imageShape(spec)] }],
  outputs: [],
});

async function tensorOf(name: string, spec: ImageSpec): Promise<Tensor> {
  const type = name.endsWith('png') ? 'image/png' : 'image/jpeg';
  const image = await decodeImage(referenceFile(`images/${name}`).bytes, type);
  return imageTensor(image, spec, signatureOf(spec)).get('image') as Tensor;
}

/** Pixels as bytes, one after the other, as Pillow has them. */
const plain = { layout: 'NHWC', scale: 1 } as const;

describe.each(Object.keys(expected))('%s', (name) => {
  it.each(expected[name] as Made[])('at $size is what Pillow makes of it, in colours and in grey', async (made) => {
    const [width, height] = made.size;
    const [rgb, grey] = [
      await tensorOf(name, { ...plain, width, height, channels: 3 }),
      await tensorOf(name, { ...plain, width, height, channels: 1 }),
    ];
    // Decoders of JPEG may differ by a step or two: the standard leaves rounding to them.
    const most = name.endsWith('jpg') ? 3 : 0;
    const furthest = (got: Tensor, wanted: readonly number[]): number =>
      Math.max(...wanted.map((value, at) => Math.abs(value - Number(got.data[at]))));
    expect(rgb.shape).toEqual([1, height, width, 3]);
    expect(furthest(rgb, made.rgb)).toBeLessThanOrEqual(most);
    expect(furthest(grey, made.grey)).toBeLessThanOrEqual(most);
  });
});

describe('an image as a row', () => {
  const small = { width: 8, height: 8, channels: 3 } as const;
  const wanted = (expected['colours.png'] as Made[]).find(({ size }) => size.join() === '8,8') as Made;
  const pixel = (x: number, y: number, c: number): number => wanted.rgb[(y * 8 + x) * 3 + c] as number;

  it('is scaled and normalised channel by channel, planes first where the layout says so', async () => {
    const [mean, deviation] = [
      [0.1, 0.2, 0.3],
      [0.5, 0.25, 2],
    ] as [number[], number[]];
    const spec: ImageSpec = { ...small, layout: 'NCHW', mean, deviation };
    const { data, shape } = await tensorOf('colours.png', spec);
    expect(shape).toEqual([1, 3, 8, 8]);
    for (const [x, y, c] of [
      [0, 0, 0],
      [7, 2, 1],
      [3, 7, 2],
    ] as const) {
      const normal = (pixel(x, y, c) / 255 - (mean[c] as number)) / (deviation[c] as number);
      expect(data[c * 64 + y * 8 + x]).toBeCloseTo(normal, 6);
    }
  });

  it('cropped is the middle of the image, undistorted', async () => {
    // 40 x 30 to 15 x 15: halved to 20 x 15, then two columns and a half off each side.
    const half = await tensorOf('colours.png', { ...plain, width: 20, height: 15, channels: 1 });
    const cropped = await tensorOf('colours.png', { ...plain, width: 15, height: 15, channels: 1, resize: 'crop' });
    for (let y = 0; y < 15; y++) {
      expect(Array.from((cropped.data as Float32Array).slice(y * 15, y * 15 + 15))).toEqual(
        Array.from((half.data as Float32Array).slice(y * 20 + 2, y * 20 + 17)),
      );
    }
  });

  it('cropped out of a long line is a square, with nothing computed of the rest', () => {
    // Sixteen thousand pixels below each other; between the two in the middle the light goes on.
    const height = 16_384;
    const data = Uint8Array.from({ length: 4 * height }, (_, at) => (at < 2 * height ? 0 : 255));
    const spec: ImageSpec = { ...plain, width: 1024, height: 1024, channels: 1, resize: 'crop' };
    const { data: values } = imageTensor({ width: 1, height, data }, spec, signatureOf(spec)).get('image') as Tensor;
    for (let y = 0; y < 1024; y++) expect(values[y * 1024 + 5]).toBe(Math.round((255 * (y + 0.5)) / 1024));
  });
});
