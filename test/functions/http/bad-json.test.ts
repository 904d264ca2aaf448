import { beforeAll, describe, expect, test } from 'vitest';
import { expectHealthy, healthy, refusalsOf } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';
import { DEFINED, INVALID, VALID } from '../json-texts.ts';

let house: House;
let expectRefusal: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse();
  await house.drop('healthy', 'model.json', healthy);
  expectRefusal = await refusalsOf(house);
});

const post = (path: string, body: string | Uint8Array) => house.api({ method: 'POST', path, body });

/** Bodies in which any JSON value may stand where the text does. */
const WRAPPINGS: [string, (text: string) => [path: string, body: string]][] = [
  ['V1', (text) => ['/v1/models/healthy:predict', `{"instances":[[0.5]],"other":${text}}`]],
  [
    'v2',
    (text) => [
      '/v2/models/healthy/infer',
      `{"inputs":[{"name":"input","shape":[1,1],"datatype":"FP64","data":[0.5],"parameters":{"other":${text}}}]}`,
    ],
  ],
  ['MLflow', (text) => ['/invocations?model=healthy', `{"dataframe_records":[{"x":0.5}],"other":${text}}`]],
  ['SageMaker', (text) => ['/endpoints/healthy/invocations', `{"other":${text},"instances":[[0.5]]}`]],
];

describe.each(WRAPPINGS)('in a body of %s', (_, wrap) => {
  test(`${VALID.length} valid texts are taken`, async () => {
    for (const text of VALID) expect((await post(...wrap(text))).status, text.slice(0, 80)).toBe(200);
  });

  test(`${INVALID.length} invalid texts are refused as no JSON`, async () => {
    for (const text of INVALID) {
      const reply = await post(...wrap(text));
      expect(reply.status, text).toBe(400);
      expectRefusal(reply);
      await expectHealthy(house);
    }
  });

  test.each(DEFINED)('%s is answered as decided', async (_why, text, status) => {
    const reply = await post(...wrap(text));
    expect(reply.status, reply.text.slice(0, 200)).toBe(status);
    if (status !== 200) expectRefusal(reply);
    await expectHealthy(house);
  });
});

test(`${VALID.length + INVALID.length + DEFINED.length} texts that are no request are refused, whatever they are`, async () => {
  for (const text of [...VALID, ...INVALID, ...DEFINED.map(([, text]) => text)]) {
    expectRefusal(await post('/v2/models/healthy/infer', text));
    expectRefusal(await post('/v1/models/healthy:predict', text));
  }
  await expectHealthy(house);
});

const good = '{"instances":[[0.5]]}';

const BYTES: [string, Uint8Array, number][] = [
  ['UTF-16, little end first', Buffer.from(`\ufeff${good}`, 'utf16le'), 400],
  ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), 400],
  ['UTF-16, big end first', Buffer.from(`\ufeff${good}`, 'utf16le').swap16(), 400],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${good}`), 200],
  ['a mark alone', Buffer.from('\ufeff'), 400],
  ['two marks', Buffer.from(`\ufeff\ufeff${good}`), 400],
  ['a lone continuation byte', Buffer.from([0x22, 0x80, 0x22]), 400],
  ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 400],
  ['an overlong NUL', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 400],
  ['a surrogate as three bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 400],
  ['a code point beyond Unicode', Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]), 400],
  ['five bytes for one character', Buffer.from([0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22]), 400],
  ['a character cut short', Buffer.from([0x22, 0xe2, 0x82]), 400],
  ['Latin-1', Buffer.from('{"instances":[["é"]]}', 'latin1'), 400],
  ['a NUL', Buffer.from('\0'), 400],
  ['a NUL behind', Buffer.from(`${good}\0`), 400],
  ['gzip without saying so', Buffer.from('1f8b0800', 'hex'), 400],
  ['all bytes there are', Buffer.from(Array.from({ length: 256 }, (_, i) => i)), 400],
];

describe('bytes', () => {
  test.each(BYTES)('%s', async (_, bytes, status) => {
    const reply = await post('/v1/models/healthy:predict', bytes);
    expect(reply.status, reply.text).toBe(status);
    if (status !== 200) expectRefusal(reply);
    await expectHealthy(house);
  });
});
