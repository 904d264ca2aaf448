import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { imageSize } from 'image-size';
import { MalformedRequest, UnfitInput } from '../../models/errors.ts';
import type { DecodedImage } from '../../models/image/image-tensor.ts';
import type { ImageType } from '../../models/image/image-types.ts';

/** A few kilobytes may say that they are gigabytes of pixels. */
const MOST_PIXELS = 24_000_000;
/** What resizing takes grows with the sides, not with the pixels: a line of them may become a plane. */
const LONGEST_SIDE = 16_384;

type Decode = (bytes: Uint8Array) => Promise<DecodedImage>;

/** What is used here of WebAssembly: Node's types leave it to those of browsers. */
const { compile } = (globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<object> } })
  .WebAssembly;
const { resolve } = createRequire(import.meta.url);
const wasm = async (path: string) => compile(await readFile(resolve(path)));

/** Its own types leave the second argument out. */
interface JpegCodec {
  readonly default: (bytes: ArrayBuffer, options: { readonly preserveOrientation: boolean }) => Promise<DecodedImage>;
  readonly init: (module: object, options: { readonly printErr: () => void }) => Promise<void>;
}

/** Codecs of Squoosh, in WebAssembly: what breaks one of them reaches nothing outside of it. */
const open: Readonly<Record<ImageType, () => Promise<Decode>>> = {
  async 'image/png'() {
    const { default: decode, init } = await import('@jsquash/png/decode.js');
    await init(await wasm('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
    return (bytes) => decode(alone(bytes));
  },
  async 'image/jpeg'() {
    const { default: decode, init } = (await import('@jsquash/jpeg/decode.js')) as JpegCodec;
    await init(await wasm('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'), { printErr: nowhere });
    // As a viewer shows it: cameras turn images by a note beside them.
    return (bytes) => decode(alone(bytes), { preserveOrientation: true });
  },
};
/** What a codec says of a broken file is nothing for our log. */
const nowhere = (): void => {};

const opened: Partial<Record<ImageType, Promise<Decode>>> = {};

/**
 * The pixels of a PNG or JPEG file.
 * @throws MalformedRequest where it is none, or broken; UnfitInput where it has more than 24 million pixels, or 16,384 a side
 */
export async function decodeImage(bytes: Uint8Array, type: ImageType): Promise<DecodedImage> {
  const { width, height } = sizeOf(bytes, type);
  if (width * height > MOST_PIXELS || Math.max(width, height) > LONGEST_SIDE) {
    const [pixels, side] = [MOST_PIXELS, LONGEST_SIDE].map((most) => most.toLocaleString('en'));
    const rule = `must have at most ${pixels} pixels, and at most ${side} a side`;
    throw new UnfitInput({ where: 'body', rule, found: `${width} x ${height}` });
  }
  opened[type] ??= open[type]();
  const decode = await opened[type];
  try {
    return await decode(bytes);
  } catch (cause) {
    // A codec that has stopped in the middle may not go on.
    delete opened[type];
    throw broken(type, { cause });
  }
}

/** By the file's own header, before any pixel is decoded. */
function sizeOf(bytes: Uint8Array, type: ImageType): { width: number; height: number } {
  try {
    const size = imageSize(bytes);
    if (size.type === (type === 'image/png' ? 'png' : 'jpg')) return size;
  } catch (cause) {
    throw broken(type, { cause });
  }
  throw broken(type);
}

const broken = (type: ImageType, options?: ErrorOptions): MalformedRequest =>
  new MalformedRequest({ where: 'body', rule: `must be a whole file of ${type}, as Content-Type says` }, options);

/** The codecs take whole buffers, and Node's may be parts of larger ones. */
const alone = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
