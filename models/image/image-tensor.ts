import { arrays } from '../datatype.ts';
import type { Signature, TensorSpec } from '../signature.ts';
import type { Tensor, Tensors } from '../tensor.ts';
import { type ImageSpec, imageShape } from './image-spec.ts';
import { type Part, type Pixels, resample, whole } from './resample.ts';

/** Red, green, blue and alpha, as decoders have them. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** One image as one row of the model's input. Alpha is left out. */
export function imageTensor(image: DecodedImage, spec: ImageSpec, { inputs }: Signature): Tensors {
  const [{ name, datatype, shape }] = inputs as [TensorSpec];
  const { data } = fitted(spec.channels === 1 ? luma(image) : colours(image), spec);
  const { channels, width, height, layout, scale = 1 / 255, mean, deviation } = spec;
  const values = new arrays[datatype as 'FP16' | 'FP32' | 'FP64'](data.length);
  const plane = width * height;
  for (let at = 0; at < data.length; at++) {
    const channel = at % channels;
    const value = ((data[at] as number) * scale - (mean?.[channel] ?? 0)) / (deviation?.[channel] ?? 1);
    values[layout === 'NHWC' ? at : channel * plane + Math.floor(at / channels)] = value;
  }
  const own = shape.length === 2 ? [data.length] : imageShape(spec);
  return new Map([[name, { datatype, shape: [1, ...own], data: values } as Tensor]]);
}

function colours({ width, height, data }: DecodedImage): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from] as number;
    rgb[to++] = data[from + 1] as number;
    rgb[to++] = data[from + 2] as number;
  }
  return { width, height, channels: 3, data: rgb };
}

/** ITU-R 601 in fixed point, as Pillow's mode L. */
function luma({ width, height, data }: DecodedImage): Pixels {
  const grey = new Uint8Array(width * height);
  for (let to = 0; to < grey.length; to++) {
    const [red, green, blue] = [data[4 * to], data[4 * to + 1], data[4 * to + 2]] as [number, number, number];
    grey[to] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}

function fitted(image: Pixels, { width, height, resize = 'stretch' }: ImageSpec): Pixels {
  if (resize === 'stretch') return resample(image, whole(width), whole(height));
  const ratio = Math.max(width / image.width, height / image.height);
  return resample(image, middle(width, image.width * ratio), middle(height, image.height * ratio));
}

function middle(count: number, resized: number): Part {
  const of = Math.max(count, Math.round(resized));
  return { of, from: Math.floor((of - count) / 2), count };
}
