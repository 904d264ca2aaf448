import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectHealthy, healthy, refusalsOf } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';

let house: House;
let expectRefusal: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse();
  await house.drop('healthy', 'model.json', healthy);
  expectRefusal = await refusalsOf(house);
});

const namesOf = (prototype: object) => Object.getOwnPropertyNames(prototype).toSorted();
const [OBJECT, ARRAY, FUNCTION] = [Object.prototype, Array.prototype, Function.prototype].map(namesOf);

/** Nothing that a request says becomes a property of every object. */
function expectClean(): void {
  expect([Object.prototype, Array.prototype, Function.prototype].map(namesOf)).toEqual([OBJECT, ARRAY, FUNCTION]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}

beforeEach(expectClean);

const PREDICT = '/v1/models/healthy:predict';
const INFER = '/v2/models/healthy/infer';
const row = '"instances":[[0.5]]';
const input = '"name":"input","shape":[1,1],"datatype":"FP64","data":[0.5]';
const nested = (open: string, depth: number, close: string) => open.repeat(depth) + close.repeat(depth);

const REFUSED: [string, string, string, string][] = [
  ['__proto__ of a body', 'POST', PREDICT, `{${row},"__proto__":{"polluted":1}}`],
  ['__proto__ of a body, first', 'POST', PREDICT, `{"__proto__":{"polluted":1},${row}}`],
  ['__proto__ instead of a body', 'POST', PREDICT, `{"__proto__":{${row}}}`],
  ['__proto__ by escapes', 'POST', PREDICT, `{${row},"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":1}}`],
  ['__proto__ of null', 'POST', PREDICT, `{${row},"__proto__":null}`],
  ['__proto__ of a record', 'POST', PREDICT, '{"instances":[{"__proto__":{"x":0.5}}]}'],
  ['__proto__ beside a feature', 'POST', PREDICT, '{"instances":[{"x":0.5,"__proto__":{"y":1}}]}'],
  ['__proto__ of parameters', 'POST', PREDICT, `{${row},"parameters":{"__proto__":{"probabilities":true}}}`],
  ['__proto__ of columns', 'POST', PREDICT, '{"inputs":{"__proto__":[0.5]}}'],
  ['__proto__ deep inside', 'POST', PREDICT, `{${row},"a":[{"b":{"c":[{"__proto__":1}]}}]}`],
  ['__proto__ of a tensor', 'POST', INFER, `{"inputs":[{${input},"__proto__":{"polluted":1}}]}`],
  [
    '__proto__ of tensor parameters',
    'POST',
    INFER,
    `{"inputs":[{${input},"parameters":{"__proto__":{"binary_data_size":8}}}]}`,
  ],
  ['__proto__ of a dataframe', 'POST', '/invocations?model=healthy', '{"dataframe_records":[{"__proto__":{"x":1}}]}'],
  ['__proto__ of a release', 'POST', '/v1/models/healthy/release', '{"__proto__":{"stable":1}}'],
  [
    '__proto__ of a key',
    'POST',
    '/v1/keys',
    '{"name":"n","scopes":["predict"],"models":["*"],"__proto__":{"tenant":"a"}}',
  ],
  [
    'constructor of a key',
    'POST',
    '/v1/keys',
    '{"name":"n","scopes":["predict"],"models":["*"],"constructor":{"prototype":{"polluted":1}}}',
  ],
  ['constructor of a release', 'POST', '/v1/models/healthy/release', '{"constructor":{"prototype":{"stable":1}}}'],
  ['constructor of a record', 'POST', PREDICT, '{"instances":[{"x":0.5,"constructor":{"prototype":{"polluted":1}}}]}'],
  ['toString as a feature', 'POST', PREDICT, '{"instances":[{"toString":1}]}'],
  ['hasOwnProperty that is no function', 'POST', PREDICT, '{"instances":[{"hasOwnProperty":1}]}'],
  ['a list with a length', 'POST', PREDICT, '{"instances":{"length":1e9,"0":[0.5]}}'],
  [
    'a column named constructor',
    'POST',
    '/invocations?model=healthy',
    '{"dataframe_split":{"columns":["constructor"],"data":[[1]]}}',
  ],
  [
    'an input named __proto__',
    'POST',
    INFER,
    '{"inputs":[{"name":"__proto__","shape":[1,1],"datatype":"FP64","data":[1]}]}',
  ],
  ['an output named __proto__', 'POST', INFER, `{"inputs":[{${input}}],"outputs":[{"name":"__proto__"}]}`],
  [
    'a datatype named __proto__',
    'POST',
    INFER,
    '{"inputs":[{"name":"input","shape":[1,1],"datatype":"__proto__","data":[1]}]}',
  ],
  ['a model named __proto__', 'POST', '/v1/models/__proto__:predict', `{${row}}`],
  ['a model named constructor in the query', 'POST', '/invocations?model=constructor', `{${row}}`],
  ['a version named __proto__', 'GET', '/v2/models/healthy/versions/__proto__', ''],
  ['a drop named constructor', 'GET', '/v1/models/healthy/drops/constructor', ''],
  ['a key named __proto__', 'DELETE', '/v1/keys/__proto__', ''],
  ['a path named __proto__', 'GET', '/__proto__', ''],
  ['a path named constructor', 'POST', '/constructor/prototype', ''],
  ['a method named constructor', 'constructor', '/v1/models', ''],
  ['instances twice', 'POST', PREDICT, `{${row},${row}}`],
  ['a feature twice', 'POST', PREDICT, '{"instances":[{"x":1,"x":2}]}'],
  ['a feature twice, once by an escape', 'POST', PREDICT, '{"instances":[{"x":1,"\\u0078":2}]}'],
  ['data twice', 'POST', INFER, `{"inputs":[{${input},"data":[1]}]}`],
  ['a shape twice', 'POST', INFER, `{"inputs":[{${input},"shape":[1,1]}]}`],
  ['stable twice', 'POST', '/v1/models/healthy/release', '{"stable":1,"stable":2}'],
  ['scopes twice', 'POST', '/v1/keys', '{"name":"n","scopes":["predict"],"scopes":["admin"],"models":["*"]}'],
  ['101 arrays', 'POST', PREDICT, nested('[', 101, ']')],
  ['rows in 101 arrays', 'POST', PREDICT, `{"instances":${nested('[', 100, ']')}}`],
  ['101 objects', 'POST', PREDICT, `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`],
  ['arrays and objects by turns', 'POST', PREDICT, nested('[{"a":', 60, '}]').replace(':}', ':1}')],
  ['a million arrays', 'POST', INFER, nested('[', 1_000_000, ']')],
  [
    'a tensor of a thousand levels',
    'POST',
    INFER,
    `{"inputs":[{"name":"input","shape":[1,1],"datatype":"FP64","data":${nested('[', 1_000, ']')}}]}`,
  ],
  ['a release of a thousand levels', 'POST', '/v1/models/healthy/release', `{"stable":${nested('[', 1_000, ']')}}`],
  ['a key of a thousand levels', 'POST', '/v1/keys', `{"name":${nested('[', 1_000, ']')}}`],
];

describe('is refused, and leaves nothing behind', () => {
  test.each(REFUSED)('%s', async (_, method, path, body) => {
    expectRefusal(await house.api({ method, path, body }));
    expectClean();
    await expectHealthy(house);
  });
});

const HARMLESS: [string, string, string][] = [
  ['constructor beside the rows', PREDICT, `{${row},"constructor":{"prototype":{"polluted":1}}}`],
  ['prototype beside the rows', PREDICT, `{${row},"prototype":{"polluted":1}}`],
  ['toString beside the rows', PREDICT, `{${row},"toString":"x","valueOf":1,"hasOwnProperty":null}`],
  ['then beside the rows', PREDICT, `{${row},"then":"x"}`],
  ['toJSON as a parameter', INFER, `{"parameters":{"toJSON":1,"constructor":{}},"inputs":[{${input}}]}`],
];

describe('is taken, and changes nothing', () => {
  test.each(HARMLESS)('%s', async (_, path, body) => {
    const reply = await house.api({ method: 'POST', path, body });
    expect(reply.status, reply.text).toBe(200);
    expectClean();
    await expectHealthy(house);
  });

  test('headers and queries named like properties', async () => {
    const headers = JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}') as Record<string, string>;
    const path = '/invocations?model=healthy&__proto__=1&constructor=2&toString=3';
    const reply = await house.api({ method: 'POST', path, headers, body: `{${row}}` });
    expect(reply.status).toBe(200);
    expectClean();
  });
});
