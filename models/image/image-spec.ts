import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import type { Signature, TensorSpec } from '../signature.ts';
import { elementCount } from '../tensor.ts';

const Size = Type.Integer({ minimum: 1, maximum: 4096 });
const PerChannel = Type.Array(Type.Number(), { minItems: 1, maxItems: 3 });

/** How an image becomes a row of a model, as `drop.json` declares it. */
export const ImageSpec = Type.Object(
  {
    width: Size,
    height: Size,
    channels: Type.Union([Type.Literal(1), Type.Literal(3)], {
      description: '3: red, green, blue; 1: ITU-R 601 luma.',
    }),
    layout: Type.Unsafe<'NCHW' | 'NHWC'>({ type: 'string', enum: ['NCHW', 'NHWC'] }),
    resize: Type.Optional(
      Type.Unsafe<'stretch' | 'crop'>({
        type: 'string',
        enum: ['stretch', 'crop'],
        description:
          'Bilinear, as Pillow resizes. stretch (as if absent): to width x height; crop: its middle, undistorted.',
      }),
    ),
    scale: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: 'Of values from 0 to 255; 1/255 where absent.' }),
    ),
    mean: Type.Optional(PerChannel),
    deviation: Type.Optional(Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1, maxItems: 3 })),
  },
  { additionalProperties: false, description: '(value * scale - mean) / deviation, channel by channel.' },
);
export type ImageSpec = Static<typeof ImageSpec>;

/** The size of one image in the order of its layout. */
export const imageShape = ({ width, height, channels, layout }: ImageSpec): number[] =>
  layout === 'NCHW' ? [channels, height, width] : [height, width, channels];

/** @throws ModelFileRefused where the model does not take such an image as one row */
export function checkImage(spec: ImageSpec, { inputs }: Signature): void {
  for (const key of ['mean', 'deviation'] as const) {
    if (spec[key] === undefined || spec[key].length === spec.channels) continue;
    throw refuse(`.${key}`, `must hold ${spec.channels} numbers, one a channel`, spec[key]);
  }
  const [input, ...more] = inputs as [TensorSpec, ...TensorSpec[]];
  const [rows, ...own] = input.shape;
  const shape = imageShape(spec);
  const fits =
    more.length === 0 &&
    input.datatype.startsWith('FP') &&
    (rows === -1 || rows === 1) &&
    (own.length === 1
      ? own[0] === elementCount(shape)
      : own.every((size, k) => size === -1 || size === shape[k]) && own.length === 3);
  if (fits) return;
  const found = inputs.map(({ name, datatype, shape: sizes }) => `${name} ${datatype} [${sizes}]`).join(', ');
  throw refuse('', `must be what the model takes as a row: it says [${shape}], ${spec.layout}`, found);
}

const refuse = (place: string, rule: string, found: unknown): ModelFileRefused =>
  new ModelFileRefused({ where: `drop.json.image${place}`, rule, found });
