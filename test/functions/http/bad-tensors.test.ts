import { beforeAll, describe, expect, test } from 'vitest';
import { expectHealthy, healthy, refusalsOf } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';
import { knownModels } from '../models.ts';
import { v2Of } from '../replies.ts';

let house: House;
let expectRefusal: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse(['iris']);
  await house.drop('healthy', 'model.json', healthy);
  expectRefusal = await refusalsOf(house);
});

const ROW = [5.1, 3.5, 1.4, 0.2];
const input = { name: 'input', shape: [1, 4], datatype: 'FP64', data: ROW };

const infer = (model: string, body: unknown, headers: Record<string, string> = {}) =>
  house.api({ method: 'POST', path: `/v2/models/${model}/infer`, headers, body });

async function expectRefused(reply: Reply, status: number): Promise<void> {
  expect(reply.status, reply.text).toBe(status);
  expectRefusal(reply);
  await expectHealthy(house);
}

/** 400: no tensor of the protocol, whatever the model. 422: a tensor, but not for this model. */
const SHAPES: [string, object, 400 | 422][] = [
  ['no shape', { shape: undefined }, 400],
  ['a shape of null', { shape: null }, 400],
  ['a shape that is a number', { shape: 4 }, 400],
  ['a shape that is a text', { shape: '1,4' }, 400],
  ['a shape that is an object', { shape: { 0: 1, 1: 4 } }, 400],
  ['a negative dimension', { shape: [-1, 4] }, 400],
  ['two negative dimensions', { shape: [-1, -4] }, 400],
  ['a fraction as dimension', { shape: [1, 4.5] }, 400],
  ['a text as dimension', { shape: ['1', 4] }, 400],
  ['null as dimension', { shape: [null, 4] }, 400],
  ['true as dimension', { shape: [true, 4] }, 400],
  ['a dimension beyond 2^53', { shape: [1, 2 ** 60] }, 400],
  ['dimensions whose product is beyond doubles', { shape: Array(30).fill(2 ** 50), data: ROW }, 400],
  ['dimensions whose product wraps at 2^32', { shape: [2 ** 16, 2 ** 16], data: [] }, 400],
  ['33 dimensions', { shape: [...Array(32).fill(1), 4] }, 400],
  ['nested dimensions', { shape: [[1], [4]] }, 400],
  ['a shape too small', { shape: [1, 3] }, 400],
  ['a shape too large', { shape: [1, 5] }, 400],
  ['a shape of none for four', { shape: [0, 4] }, 400],
  ['no dimensions for four', { shape: [] }, 400],
  ['no data', { data: undefined }, 400],
  ['data of null', { data: null }, 400],
  ['data that is a number', { data: 5 }, 400],
  ['data that is a text', { data: '5.1,3.5,1.4,0.2' }, 400],
  ['data that is an object', { data: { 0: 5.1, 1: 3.5, 2: 1.4, 3: 0.2 } }, 400],
  ['data too short', { data: [1, 2, 3] }, 400],
  ['data too long', { data: [1, 2, 3, 4, 5] }, 400],
  ['no element at all', { data: [] }, 400],
  ['rows of different lengths', { shape: [2, 4], data: [ROW, [1, 2, 3]] }, 400],
  ['a row and a number', { shape: [2, 4], data: [ROW, 1] }, 400],
  ['numbers and a row', { shape: [2, 4], data: [1, 2, 3, 4, ROW] }, 400],
  ['rows nested too deep', { data: [[ROW]] }, 400],
  ['elements nested too deep', { data: [[[5.1], [3.5], [1.4], [0.2]]] }, 400],
  ['rows the wrong way round', { shape: [4, 1], data: [ROW] }, 400],
  [
    'rows of the right sum and the wrong form',
    {
      shape: [2, 4],
      data: [
        [...ROW, 1],
        [1, 2, 3],
      ],
    },
    400,
  ],
  ['an empty row', { shape: [1, 4], data: [[]] }, 400],
  ['one dimension', { shape: [4] }, 422],
  ['three dimensions', { shape: [1, 1, 4] }, 422],
  ['the dimensions of another model', { shape: [4, 1] }, 422],
  ['two rows of two', { shape: [2, 2] }, 422],
  ['no columns', { shape: [5, 0], data: [] }, 422],
  ['a great many rows of no columns', { shape: [2 ** 50, 0], data: [] }, 422],
  ['a scalar', { shape: [], data: [1] }, 422],
  ['a tensor of thirty-two dimensions', { shape: [...Array(31).fill(1), 4] }, 422],
];

const DATATYPES: [string, object, 400 | 422][] = [
  ['no datatype', { datatype: undefined }, 400],
  ['a datatype of null', { datatype: null }, 400],
  ['a datatype in lower case', { datatype: 'fp64' }, 400],
  ['a datatype of NumPy', { datatype: 'float64' }, 400],
  ['a datatype of ONNX', { datatype: 'DOUBLE' }, 400],
  ['a datatype that is not served', { datatype: 'BF16' }, 400],
  ['a datatype that is a number', { datatype: 64 }, 400],
  ['a datatype with a space', { datatype: 'FP64 ' }, 400],
  ['a datatype that JavaScript knows', { datatype: 'constructor' }, 400],
  ['an empty datatype', { datatype: '' }, 400],
  ['a list of datatypes', { datatype: ['FP64'] }, 400],
  ['BYTES for numbers', { datatype: 'BYTES' }, 400],
  ['BYTES of texts', { datatype: 'BYTES', data: ['a', 'b', 'c', 'd'] }, 422],
  ['BOOL for numbers', { datatype: 'BOOL' }, 400],
  ['BOOL of booleans', { datatype: 'BOOL', data: [true, false, true, false] }, 422],
  ['integers that are fractions', { datatype: 'INT32' }, 400],
  ['texts that are numbers', { data: ['5.1', '3.5', '1.4', '0.2'] }, 400],
  ['booleans as numbers', { data: [true, false, true, false] }, 400],
  ['null as a number', { data: [5.1, null, 1.4, 0.2] }, 422],
  ['an object as a number', { data: [5.1, {}, 1.4, 0.2] }, 400],
  ['the word NaN', { data: [5.1, 'NaN', 1.4, 0.2] }, 400],
];

const NAMES: [string, object, 400 | 422][] = [
  ['no name', { inputs: [{ ...input, name: undefined }] }, 400],
  ['an empty name', { inputs: [{ ...input, name: '' }] }, 400],
  ['a name that is a number', { inputs: [{ ...input, name: 1 }] }, 400],
  ['another name', { inputs: [{ ...input, name: 'Input' }] }, 422],
  ['an input too many', { inputs: [input, { ...input, name: 'other' }] }, 422],
  ['an input twice', { inputs: [input, input] }, 400],
  ['no input', { inputs: [] }, 400],
  ['inputs of null', { inputs: null }, 400],
  ['inputs as an object', { inputs: { input } }, 400],
  ['an input that is a number', { inputs: [1] }, 400],
  ['an input of null', { inputs: [null] }, 400],
  ['1,001 inputs', { inputs: Array.from({ length: 1_001 }, (_, i) => ({ ...input, name: `i${i}` })) }, 400],
  ['an unknown output', { inputs: [input], outputs: [{ name: 'nothing' }] }, 422],
  ['an output twice', { inputs: [input], outputs: [{ name: 'predict' }, { name: 'predict' }] }, 400],
  ['an output without a name', { inputs: [input], outputs: [{}] }, 400],
  ['an output that is a text', { inputs: [input], outputs: ['predict'] }, 400],
  ['outputs that are a text', { inputs: [input], outputs: 'predict' }, 400],
  ['outputs of null', { inputs: [input], outputs: null }, 400],
  ['an id that is a number', { id: 5, inputs: [input] }, 400],
  ['an id of null', { id: null, inputs: [input] }, 400],
  ['parameters that are a list', { parameters: [], inputs: [input] }, 400],
  ['parameters of null', { parameters: null, inputs: [input] }, 400],
  ['parameters that are a text', { parameters: 'x', inputs: [input] }, 400],
  ['parameters of an input that are a list', { inputs: [{ ...input, parameters: [] }] }, 400],
  ['parameters of an output that are a text', { inputs: [input], outputs: [{ name: 'predict', parameters: '' }] }, 400],
  ['binary_data_output that is a number', { parameters: { binary_data_output: 1 }, inputs: [input] }, 400],
  [
    'binary_data that is a text',
    { inputs: [input], outputs: [{ name: 'predict', parameters: { binary_data: 'true' } }] },
    400,
  ],
];

describe('a tensor is refused with', () => {
  test.each([...SHAPES, ...DATATYPES])('%s', async (_, change, status) =>
    expectRefused(await infer('iris', { inputs: [{ ...input, ...change }] }), status),
  );
});

describe('a request is refused with', () => {
  test.each(NAMES)('%s', async (_, body, status) => expectRefused(await infer('iris', body), status));
});

const INTEGERS = {
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-2_147_483_648, 2_147_483_647],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 4_294_967_295],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
} as const;

/** The elements as they stand in the text of a body; 2 x + 1 is the answer. */
const ELEMENTS: [datatype: string, element: string, status: 200 | 400 | 422, answer?: number][] = [
  ...Object.entries(INTEGERS).flatMap(([datatype, [min, max]]): typeof ELEMENTS => [
    [datatype, String(min), 200, 2 * min + 1],
    [datatype, String(max), 200, 2 * max + 1],
    [datatype, String(BigInt(min) - 1n), 400],
    [datatype, String(BigInt(max) + 1n), 400],
    [datatype, '0.5', 400],
    [datatype, '1.0', 200, 3],
    [datatype, '1e1', 200, 21],
    [datatype, '-0', 200, 1],
    [datatype, '1e400', 400],
    [datatype, '"1"', 400],
    [datatype, 'true', 400],
    [datatype, 'null', 422],
    [datatype, '[]', 400],
    [datatype, '{}', 400],
  ]),
  ['INT64', '9007199254740993', 400],
  ['INT64', '-9007199254740993', 400],
  ['INT64', '9223372036854775807', 400],
  ['INT64', '-9223372036854775808', 400],
  ['INT64', '9223372036854775808', 400],
  ['UINT64', '18446744073709551615', 400],
  ['UINT64', '18446744073709551616', 400],
  ['UINT64', '-1', 400],
  ['FP64', '1.7976931348623157e308', 422],
  ['FP64', '8.9e307', 200, 1.78e308],
  ['FP64', '1e400', 400],
  ['FP64', '-1e400', 400],
  ['FP64', '5e-324', 200, 1],
  ['FP64', '1e-400', 200, 1],
  ['FP64', '-0', 200, 1],
  ['FP64', '9007199254740993', 200, 2 ** 54],
  ['FP64', '0.1', 200, 1.2],
  ['FP64', '"1"', 400],
  ['FP64', '"NaN"', 400],
  ['FP64', 'true', 400],
  ['FP64', 'null', 422],
  ['FP64', '[1]', 200, 3],
  ['FP64', '[[1]]', 400],
  ['FP32', '3.4028234663852886e38', 200, 2 * 3.4028234663852886e38 + 1],
  ['FP32', '3.5e38', 400],
  ['FP32', '-3.5e38', 400],
  ['FP32', '1e-50', 200, 1],
  ['FP32', '0.1', 200, 2 * Math.fround(0.1) + 1],
  ['FP32', '"1"', 400],
  ['FP16', '65504', 200, 131_009],
  ['FP16', '65520', 400],
  ['FP16', '-65520', 400],
  ['FP16', '1e-10', 200, 1],
  ['FP16', '0.1', 200, 2 * 0.0999755859375 + 1],
  ['FP16', 'null', 422],
  ['BOOL', 'true', 422],
  ['BOOL', 'false', 422],
  ['BOOL', '1', 422],
  ['BOOL', '0', 422],
  ['BOOL', '2', 400],
  ['BOOL', '-1', 400],
  ['BOOL', '0.5', 400],
  ['BOOL', '"true"', 400],
  ['BOOL', 'null', 422],
  ['BYTES', '"a"', 422],
  ['BYTES', '""', 422],
  ['BYTES', '"\\u0000"', 422],
  ['BYTES', '"\\ud800"', 400],
  ['BYTES', '1', 400],
  ['BYTES', 'null', 422],
];

describe('a number', () => {
  test.each(ELEMENTS)('%s of %s is answered with %i', async (datatype, element, status, answer) => {
    const reply = await infer(
      'healthy',
      `{"inputs":[{"name":"input","shape":[1,1],"datatype":"${datatype}","data":[${element}]}]}`,
    );
    if (status !== 200) return expectRefused(reply, status);
    expect(v2Of(reply).by.predict?.data).toEqual([answer]);
  });

  test.each<[string, number, number?]>([
    ['1.7976931348623157e308', 422],
    ['1e400', 422],
    ['-1e400', 422],
    ['null', 422],
    ['"1"', 422],
    ['true', 422],
    ['{}', 422],
    ['-0', 200, 1],
    ['9007199254740993', 200, 2 ** 54],
    ['5e-324', 200, 1],
  ])('%s as an instance of V1 is answered with %i', async (element, status, answer) => {
    const body = `{"instances":[[${element}]]}`;
    const reply = await house.api({ method: 'POST', path: '/v1/models/healthy:predict', body });
    if (status !== 200) return expectRefused(reply, status);
    expect(reply.json).toEqual({ predictions: [answer] });
  });
});

const INSTANCES: [string, unknown, 400 | 422][] = [
  ['no rows at all', {}, 400],
  ['instances of null', { instances: null }, 400],
  ['instances that are a number', { instances: 1 }, 400],
  ['instances that are a text', { instances: 'rows' }, 400],
  ['instances that are an object', { instances: { f1: [1] } }, 400],
  ['instances and inputs', { instances: [ROW], inputs: [ROW] }, 400],
  ['inputs of null', { inputs: null }, 400],
  ['inputs that are a number', { inputs: 1 }, 400],
  ['parameters that are a list', { instances: [ROW], parameters: [] }, 400],
  ['probabilities that are a text', { instances: [ROW], parameters: { probabilities: 'yes' } }, 400],
  ['a row that is a number', { instances: [1] }, 400],
  ['a row of null', { instances: [null] }, 400],
  ['a ragged row', { instances: [ROW, [1, 2, 3]] }, 400],
  ['rows too short', { instances: [[1, 2, 3]] }, 422],
  ['rows too long', { instances: [[1, 2, 3, 4, 5]] }, 422],
  ['an empty row', { instances: [[]] }, 422],
  ['a record without a feature', { instances: [{ f1: 1, f2: 2, f3: 3 }] }, 422],
  ['a record with one too many', { instances: [{ f1: 1, f2: 2, f3: 3, f4: 4, f5: 5 }] }, 422],
  ['a record with another', { instances: [{ f1: 1, f2: 2, f3: 3, F4: 4 }] }, 422],
  ['an empty record', { instances: [{}] }, 422],
  ['a nested row', { instances: [[[1, 2, 3, 4]]] }, 422],
  ['a record of lists', { instances: [{ f1: [1], f2: [2], f3: [3], f4: [4] }] }, 422],
  ['columns of different lengths', { inputs: { f1: [1, 2], f2: [1], f3: [1], f4: [1] } }, 400],
  ['a column that is a number', { inputs: { f1: 1, f2: 1, f3: 1, f4: 1 } }, 400],
  ['a column missing', { inputs: { f1: [1] } }, 422],
  ['a column too many', { inputs: { f1: [1], f2: [1], f3: [1], f4: [1], f5: [1] } }, 422],
];

describe('rows are refused with', () => {
  test.each(INSTANCES)('%s', async (_, body, status) =>
    expectRefused(await house.api({ method: 'POST', path: '/v1/models/iris:predict', body }), status),
  );
});

const LENGTH = 'inference-header-content-length';

describe('binary tensors that lie', () => {
  const tail = Buffer.from(Float64Array.from(ROW).buffer);
  const { data: _, ...head } = input;
  const headed = (size: unknown, more: object = {}) =>
    Buffer.from(JSON.stringify({ inputs: [{ ...head, parameters: { binary_data_size: size }, ...more }] }));
  const honest = headed(32);

  test('and one that does not', async () => {
    const reply = await infer('iris', Buffer.concat([honest, tail]), { [LENGTH]: String(honest.length) });
    expect(v2Of(reply).by.predict?.data).toEqual([knownModels.iris.predictions.find((label) => label === 0)]);
  });

  test.each<[string, Uint8Array, string]>([
    ['a header longer than the body', Buffer.concat([honest, tail]), '100000'],
    ['a header one byte too short', Buffer.concat([honest, tail]), String(honest.length - 1)],
    ['a header one byte too long', Buffer.concat([honest, tail]), String(honest.length + 1)],
    ['a header over all', Buffer.concat([honest, tail]), String(honest.length + 32)],
    ['a header of 1', Buffer.concat([honest, tail]), '1'],
    ['a header below 0', Buffer.concat([honest, tail]), '-1'],
    ['a header with a fraction', Buffer.concat([honest, tail]), `${honest.length}.0`],
    ['a header with an exponent', Buffer.concat([honest, tail]), '1e2'],
    ['a header in hexadecimal', Buffer.concat([honest, tail]), `0x${honest.length.toString(16)}`],
    ['a header of words', Buffer.concat([honest, tail]), 'all'],
    ['a header of two numbers', Buffer.concat([honest, tail]), `${honest.length}, ${honest.length}`],
    ['an empty header', Buffer.concat([honest, tail]), ''],
    ['a header of spaces', Buffer.concat([honest, tail]), ' '],
    ['a header of twenty digits', Buffer.concat([honest, tail]), '9'.repeat(20)],
    ['a header of 0 over JSON', honest.subarray(0, 33), '0'],
    ['no bytes', honest, String(honest.length)],
    ['a byte too few', Buffer.concat([honest, tail.subarray(1)]), String(honest.length)],
    ['a byte too many', Buffer.concat([honest, tail, Buffer.alloc(1)]), String(honest.length)],
    ...[0, 8, 31, 33, -1, 1e9, 32.5, '32', null, true, [32], {}, 2 ** 53].map((size): [string, Uint8Array, string] => [
      `a size of ${JSON.stringify(size)}`,
      Buffer.concat([headed(size), tail]),
      String(headed(size).length),
    ]),
    ['a size beside data', Buffer.concat([headed(32, { data: ROW }), tail]), String(headed(32, { data: ROW }).length)],
    [
      'bytes that nobody claims',
      Buffer.concat([Buffer.from(JSON.stringify({ inputs: [input] })), tail]),
      String(JSON.stringify({ inputs: [input] }).length),
    ],
    [
      'the size of another datatype',
      Buffer.concat([headed(32, { datatype: 'FP32' }), tail]),
      String(headed(32, { datatype: 'FP32' }).length),
    ],
    [
      'BOOL bytes that are neither',
      Buffer.concat([headed(32, { datatype: 'BOOL', shape: [32] }), Buffer.alloc(32, 2)]),
      String(headed(32, { datatype: 'BOOL', shape: [32] }).length),
    ],
    [
      'BYTES whose lengths run over',
      Buffer.concat([headed(32, { datatype: 'BYTES' }), Buffer.alloc(32, 0xff)]),
      String(headed(32, { datatype: 'BYTES' }).length),
    ],
    [
      'BYTES of fewer elements',
      Buffer.concat([headed(32, { datatype: 'BYTES' }), Buffer.alloc(32)]),
      String(headed(32, { datatype: 'BYTES' }).length),
    ],
    [
      'a shape that takes all memory there is',
      Buffer.concat([headed(32, { shape: [2 ** 40, 4] }), tail]),
      String(headed(32, { shape: [2 ** 40, 4] }).length),
    ],
  ])('%s', async (_, body, length) => expectRefused(await infer('iris', body, { [LENGTH]: length }), 400));

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%f among them is no input',
    async (value) => {
      const bytes = Buffer.from(Float64Array.of(5.1, value, 1.4, 0.2).buffer);
      await expectRefused(
        await infer('iris', Buffer.concat([honest, bytes]), { [LENGTH]: String(honest.length) }),
        422,
      );
    },
  );
});
