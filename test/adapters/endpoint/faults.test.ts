import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModeldropError } from '../../../models/errors.ts';
import { fp64 } from '../../../models/tensor.ts';
import { hostedPlane } from './host.ts';

let hosted: Awaited<ReturnType<typeof hostedPlane>>;
beforeEach(async () => {
  hosted = await hostedPlane();
});
afterEach(() => hosted.close());

const rows = (...table: [number, number][]) =>
  new Map([['input', fp64([table.length, 2], Float64Array.from(table.flat()))]]);
const ask = async (signal = new AbortController().signal) =>
  Array.from((await hosted.predictor.predict(rows([1, 1], [2, 5]), signal)).get('predict')?.data as Float64Array);

const never = new AbortController().signal;

const failure = async (work: Promise<unknown>): Promise<ModeldropError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModeldropError);
  return error as ModeldropError;
};

it('answers what the model answers', async () => {
  expect(await ask()).toEqual([2, -3]);
});

describe('an endpoint that is throttled', () => {
  it('is tried again, and answers', async () => {
    await hosted.tell('throttle', 2);
    expect(await ask()).toEqual([2, -3]);
  });

  it('is given up after some tries: 429', async () => {
    await hosted.tell('throttle', 3);
    expect(await failure(ask())).toMatchObject({ name: 'EndpointThrottled', status: 429 });
    expect(await ask()).toEqual([2, -3]);
  });
});

/** Each is told once, so that a second try would have passed: none is made. */
describe.each([
  ['not ready', 'not-ready', 503],
  ['without capacity', 'unavailable', 503],
  ['out of memory', 'out-of-memory', 503],
  ['whose model refuses the input', 'model-400', 422],
  ['whose model breaks', 'model-500', 502],
  ['whose service breaks', 'dependency', 502],
  ['that drops the connection', 'reset', 503],
  ['that answers garbage', 'garbage', 502],
  ['that answers another shape', 'wrong-shape', 502],
  ['that answers half', 'truncated', 502],
  ['that hangs', 'hang', 504],
] as const)('an endpoint %s', (_, fault, status) => {
  it(`is ${status}, without another try, and the next call is answered`, async () => {
    await hosted.tell(fault);
    const { message, ...error } = await failure(ask());
    expect(error.status).toBe(status);
    // Nothing of the service or the container is shown.
    expect(message).not.toMatch(/CUDA|html|busy|Rate|unexpected shape|Exception/);
    expect(await ask()).toEqual([2, -3]);
  });
});

describe('the breaker', () => {
  it('opens after five failures in a row, and half-opens after a rest', async () => {
    await hosted.tell('model-500', 100);
    for (let i = 0; i < 5; i++) expect((await failure(ask())).status).toBe(502);
    expect(await failure(ask())).toMatchObject({ name: 'EndpointModelUnavailable', status: 503 });
    await new Promise((wake) => setTimeout(wake, 200));
    // The one call that goes through fails too: it opens again.
    expect((await failure(ask())).status).toBe(502);
    expect((await failure(ask())).status).toBe(503);
    await hosted.tell('model-500', 0);
    await new Promise((wake) => setTimeout(wake, 200));
    expect(await ask()).toEqual([2, -3]);
    expect(await ask()).toEqual([2, -3]);
  });

  it('lets one call through after its rest, not all that wait', async () => {
    await hosted.close();
    hosted = await hostedPlane({ deadlineMs: 10_000 });
    await hosted.tell('model-500', 5);
    for (let i = 0; i < 5; i++) await failure(ask());
    await new Promise((wake) => setTimeout(wake, 200));
    await hosted.tell('slow', 1);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => ask()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['is loaded', 'not-ready'],
    ['has no memory', 'out-of-memory'],
    ['breaks', 'model-500'],
  ] as const)('leaves the models beside one that %s alone', async (_, fault) => {
    await hosted.tell(fault, 5);
    for (let i = 0; i < 5; i++) await failure(ask());
    expect(await failure(ask())).toMatchObject({ name: 'EndpointModelUnavailable' });
    expect((await hosted.neighbour.predict(rows([1, 1]), never)).get('predict')?.data[0]).toBe(2);
  });

  it('counts no calls of a model that the endpoint does not have for those that it has', async () => {
    for (let i = 0; i < 5; i++) expect((await failure(hosted.stranger.predict(rows([1, 1]), never))).status).toBe(502);
    expect(await ask()).toEqual([2, -3]);
  });

  it('leaves all models of an endpoint alone that fails itself', async () => {
    await hosted.tell('unavailable', 5);
    for (let i = 0; i < 5; i++) await failure(ask());
    const { neighbour } = hosted;
    expect(await failure(neighbour.predict(rows([1, 1]), never))).toMatchObject({ name: 'EndpointUnavailable' });
  });

  it('does not count inputs that the model refuses', async () => {
    await hosted.tell('model-400', 20);
    for (let i = 0; i < 20; i++) expect((await failure(ask())).status).toBe(422);
    expect(await ask()).toEqual([2, -3]);
  });
});

it('a model that the endpoint does not have is 502', async () => {
  const { signal } = new AbortController();
  expect((await failure(hosted.stranger.predict(rows([1, 1]), signal))).status).toBe(502);
});

it('a caller that goes away while the endpoint hangs gets its own reason at once', async () => {
  await hosted.tell('hang');
  const controller = new AbortController();
  const reason = new Error('gone');
  setTimeout(() => controller.abort(reason), 30);
  await expect(ask(controller.signal)).rejects.toBe(reason);
});

it('wrong input is refused before the endpoint is called', async () => {
  const { signal } = new AbortController();
  const wide = new Map([['input', fp64([1, 3], new Float64Array(3))]]);
  expect((await failure(hosted.predictor.predict(wide, signal))).status).toBe(422);
  expect(hosted.batches).toEqual([]);
});

it('an endpoint that is not there is 503', async () => {
  await hosted.close();
  expect(await failure(ask())).toMatchObject({ name: 'EndpointUnavailable', status: 503 });
  hosted = await hostedPlane();
});

it('callers who come at once share batches, and none gets the rows of another', async () => {
  const { signal } = new AbortController();
  await hosted.close();
  hosted = await hostedPlane({ deadlineMs: 10_000 });
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const table = Array.from({ length: 1 + (i % 3) }, (_, k): [number, number] => [i, k]);
      return Array.from((await hosted.predictor.predict(rows(...table), signal)).get('predict')?.data as Float64Array);
    }),
  );
  for (const [i, answer] of answers.entries()) {
    expect(answer).toEqual(Array.from({ length: 1 + (i % 3) }, (_, k) => 3 * i - 2 * k + 1));
  }
  expect(Math.max(...hosted.batches)).toBeGreaterThan(1);
  expect(Math.max(...hosted.batches)).toBeLessThanOrEqual(64);
});
