import { beforeAll, describe, expect, it } from 'vitest';
import { referenceFile } from '../../reference.ts';
import { declaredBy } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';

let house: House;
let expectDeclared: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse(['line']);
  expectDeclared = await declaredBy(house);
  const image = { width: 8, height: 8, channels: 1, layout: 'NCHW' };
  await house.drop('digits', 'drop.json', Buffer.from(JSON.stringify({ image })));
  await house.drop('digits', 'model.onnx', referenceFile('models/digits-cnn.onnx').bytes);
}, 60_000);

const send = (path: string, type: string, body: unknown = 'RIFF') =>
  house.api({ method: 'POST', path, headers: { 'content-type': type }, body });

/** RFC 9110, section 15.5.16: 415, and Accept says which types would have been taken. */
describe('a body that says it is an image', () => {
  it.each([
    ['of a type that is not decoded', '/v1/models/digits:predict', 'image/webp', 'image/png, image/jpeg'],
    ['of such a type, for SageMaker', '/endpoints/digits/invocations', 'image/svg+xml', 'image/png, image/jpeg'],
    ['of such a type, for MLflow', '/invocations?model=digits', 'image/gif', 'image/png, image/jpeg'],
    ['for a model that takes none', '/v1/models/line:predict', 'image/png', 'application/json'],
    ['of a type that nobody decodes, for such a model', '/v1/models/line:predict', 'image/webp', 'application/json'],
    ['to be explained', '/v1/models/digits:explain', 'image/png', 'application/json'],
    ['in the protocol of tensors', '/v2/models/digits/infer', 'image/png', 'application/json'],
  ])('%s is 415, and told what would be taken', async (_, path, type, accept) => {
    const reply = await send(path, type);
    expect([reply.status, reply.headers.accept]).toEqual([415, accept]);
    expect(reply.text).toContain(type);
    expectDeclared(reply);
  });
});

it.each(['', 'application/x-www-form-urlencoded', 'application/octet-stream', 'video/mp4'])(
  'a body of type %j is read as JSON, as clients name none that is right',
  async (type) => {
    expect((await send('/v1/models/line:predict', type, '{"instances":[[1]]}')).status).toBe(200);
  },
);

it('an encoding that is not known is 415 as well, and Accept-Encoding tells it apart', async () => {
  const headers = { 'content-encoding': 'br' };
  const reply = await house.api({ method: 'POST', path: '/v1/models/line:predict', headers, body: '{}' });
  const { accept, 'accept-encoding': encoding } = reply.headers;
  expect([reply.status, accept, encoding]).toEqual([415, undefined, 'gzip, deflate, identity']);
});
