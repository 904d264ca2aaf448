import * as Type from 'typebox';
import { expect, it } from 'vitest';
import { checker } from '../../models/schema.ts';

const channels = Type.Union([Type.Literal(1), Type.Literal(3)]);
const layout = Type.Unsafe<'NCHW' | 'NHWC'>({ type: 'string', enum: ['NCHW', 'NHWC'] });
const check = checker(Type.Object({ version: Type.Literal(1), channels, layout }));
const right = { version: 1, channels: 3, layout: 'NCHW' };

it.each([
  [
    { ...right, version: 2 },
    { where: 'body.version', rule: 'must be 1', found: 2 },
  ],
  [
    { ...right, channels: 4 },
    { where: 'body.channels', rule: 'must be 1 or 3', found: 4 },
  ],
  [
    { ...right, layout: 'CHW' },
    { where: 'body.layout', rule: 'must be "NCHW" or "NHWC"', found: 'CHW' },
  ],
])('a value that is none of those allowed is told of them: %j', (value, breach) => {
  expect(check(value, 'body')).toEqual({ ok: false, breach });
});
