import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EndpointUnavailable } from '../../../adapters/endpoint/failures.ts';
import type { Invocation } from '../../../adapters/endpoint/invoke.ts';
import { layout } from '../../../adapters/registry/layout.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import { referenceFile, referenceJson } from '../../reference.ts';
import { type House, openHouse, type Process } from '../house.ts';

const { input } = referenceJson<{ input: number[][] }>('models/digits-cnn.expected.json');
const pixels = Float32Array.from(input.flat(3).slice(0, 64));
const tensor = { name: 'input', datatype: 'FP32', shape: [1, 1, 8, 8] };

/** An endpoint that notes its calls and is dead. */
const calls: Invocation[] = [];
const endpoint = {
  name: 'gpu',
  invoke: async (invocation: Invocation) => {
    calls.push(invocation);
    throw new EndpointUnavailable('gpu', 'can not be reached');
  },
};

let house: House;
let through: Process;
beforeAll(async () => {
  house = await openHouse(['line'], { endpoint });
  const [{ bytes }, drop] = [referenceFile('models/digits-cnn.onnx'), JSON.stringify({ placement: 'endpoint' })];
  await house.inbox.create('inbox/digits/drop.json', Buffer.from(drop));
  await house.drop('digits', 'model.onnx', bytes);
  through = house.another({ endpoint });
});
beforeEach(() => {
  calls.length = 0;
});

const infer = (body: unknown, headers: Record<string, string> = {}) =>
  house.api({ method: 'POST', path: '/v2/models/digits/infer', body, headers }, through);

describe('a model that is placed on an endpoint', () => {
  it('is called by the archive that its manifest names, which lies in the registry', async () => {
    await infer({ inputs: [{ ...tensor, data: [...pixels] }] });
    const { triton } = JSON.parse(
      Buffer.from((await house.registry.read(layout.manifest('digits', 1)))?.bytes ?? []).toString(),
    );
    expect(calls.map(({ target }) => target)).toEqual([`${triton}.tar.gz`]);
    expect(sha256((await house.registry.read(layout.triton(triton)))?.bytes ?? new Uint8Array())).toBe(triton);
  });

  it('gets JSON as binary', async () => {
    await infer({ inputs: [{ ...tensor, data: [...pixels] }] });
    const [{ body, contentType } = { body: [], contentType: '' }] = calls;
    expect(contentType).toMatch(/binary\+json;json-header-size=\d+$/);
    expect(Buffer.from(body.at(-1) ?? [])).toEqual(Buffer.from(pixels.buffer));
  });

  it.each([
    ['a shape', { ...tensor, shape: [1, 64] }],
    ['a datatype', { ...tensor, datatype: 'BYTES', data: Array(64).fill('7') }],
    ['a name', { ...tensor, name: 'image' }],
  ])('is not called where %s is wrong', async (_, wrong) => {
    const { status } = await infer({ inputs: [{ data: [...pixels], ...wrong }] });
    expect([status, calls.length]).toEqual([422, 0]);
  });

  it('is answered 503 where its endpoint is dead, and models in process as ever', async () => {
    const dead = await infer({ inputs: [{ ...tensor, data: [...pixels] }] });
    expect(dead.status).toBe(503);
    expect(dead.headers['retry-after']).toMatch(/^\d+$/);
    const alive = await house.api(
      { method: 'POST', path: '/v1/models/line:predict', body: { instances: [[2]] } },
      through,
    );
    expect(alive.status).toBe(200);
    expect(alive.headers['x-modeldrop-placement']).toBe('lambda');
  });

  it('is answered 503 where no endpoint is set up any more', async () => {
    const { status } = await house.api(
      { method: 'POST', path: '/v2/models/digits/infer', body: { inputs: [{ ...tensor, data: [...pixels] }] } },
      house.another(),
    );
    expect(status).toBe(503);
  });
});
