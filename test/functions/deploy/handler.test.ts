import { beforeEach, describe, expect, test } from 'vitest';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { StoreUnavailable } from '../../../adapters/store/errors.ts';
import type { DropPorts } from '../../../functions/deploy/drop.ts';
import { type DeployHandler, deployFunction } from '../../../functions/deploy/handler.ts';
import { loadFrom } from '../../../functions/predict/load.ts';
import { expectClose } from '../../closeness.ts';
import { line as onnxLine } from '../../models/formats/onnx/written.ts';
import { type LibsvmAnswers, referenceFile, referenceJson } from '../../reference.ts';
import { type WatchedStore, watchedStore } from '../../watched-store.ts';
import { landed } from '../house.ts';
import { noTraining } from '../no-training.ts';
import { verifyInProcess } from '../verify-in-process.ts';

let inbox: WatchedStore;
let registry: WatchedStore;
let deploy: DeployHandler;
beforeEach(() => {
  [inbox, registry] = [watchedStore(), watchedStore()];
  deploy = deployFunction({
    inbox,
    verify: verifyInProcess(inbox),
    train: noTraining,
    hasEndpoint: false,
    registry,
    now: () => 0,
    log: { info: () => {}, error: () => {} },
  });
});

const model = (slope: number) =>
  Buffer.from(
    JSON.stringify({
      modeldrop: 1,
      kind: 'linear',
      features: ['x'],
      parameters: { coefficients: [[slope]], intercept: [0] },
    }),
  );

const lay = (key: string, bytes: Uint8Array | string) => inbox.create(key, Buffer.from(bytes));

const textOf = async (store: WatchedStore, path: string) =>
  Buffer.from((await store.read(path))?.bytes ?? []).toString();

const stable = async (name = 'm') => JSON.parse((await textOf(registry, `channels/${name}.json`)) || '{}').stable;

const channelOf = async (name = 'm') => JSON.parse((await textOf(registry, `channels/${name}.json`)) || '{}');

const drops = async () =>
  Promise.all((await registry.list('drops/')).map(async (path) => JSON.parse(await textOf(registry, path))));

describe('a model that lands with a word on its release', () => {
  beforeEach(async () => {
    await lay('inbox/m/model.json', model(1));
    await deploy(landed('inbox/m/model.json'));
    await lay('inbox/m/second.json', model(2));
  });

  const second = async (release: unknown) => {
    await lay('inbox/m/drop.json', JSON.stringify({ release }));
    await deploy(landed('inbox/m/second.json'));
    return (await drops()).find(({ file }) => file === 'second.json');
  };

  test.each([
    ['canary', { stable: 1, canary: { version: 2, weight: 10 } }],
    [
      { mode: 'canary', weight: 40, bakeMinutes: 1 },
      { stable: 1, canary: { version: 2, weight: 40, bakeMinutes: 1 } },
    ],
    ['shadow', { stable: 1, shadow: { version: 2 } }],
    ['direct', { stable: 2 }],
  ])('%j, comes into service so', async (release, expected) => {
    const drop = await second(release);
    expect(drop).toMatchObject({ state: 'released', version: 2 });
    expect(await channelOf()).toMatchObject(expected);
    expect(Object.keys(expected)).toContain(drop.servesAs);
  });

  test('that leaves it to somebody, is published and taken away, and serves nobody', async () => {
    expect(await second('manual')).toMatchObject({ state: 'published', version: 2, servesAs: 'none' });
    expect(await stable()).toBe(1);
    expect(await inbox.list('inbox/')).toEqual([]);
    expect(await registry.list('models/')).toContain('models/m/2/manifest.json');
  });

  test('that nobody knows, is refused', async () => {
    expect(await second('blue-green')).toMatchObject({ state: 'refused' });
    expect(await channelOf()).toMatchObject({ stable: 1 });
  });

  test('opens no second canary where its message comes again after the first was withdrawn', async () => {
    await lay('inbox/m/drop.json', '{"release":"canary"}');
    // The take ends between the release and the note of it.
    inbox.before = (question) => {
      if (question.startsWith('delete')) throw new Error('killed');
    };
    expect((await deploy(landed('inbox/m/second.json'))).batchItemFailures).toHaveLength(1);
    inbox.before = () => {};
    const { canary, ...withdrawn } = await channelOf();
    expect(canary.version).toBe(2);
    const stored = await registry.read('channels/m.json');
    await registry.replace('channels/m.json', Buffer.from(JSON.stringify(withdrawn)), stored?.etag ?? '');
    await deploy(landed('inbox/m/second.json'));
    expect(await channelOf()).not.toHaveProperty('canary');
  });
});

describe('a LIBSVM model beside what svm-scale wrote', () => {
  const layFile = (name: string) => lay(`inbox/m/${name}`, referenceFile(`models/${name}`).bytes);

  test('scales the rows that it is asked for, also once it comes back from the registry', async () => {
    await layFile('libsvm-range-svr.range');
    await layFile('libsvm-range-svr.model');
    await deploy(landed('inbox/m/libsvm-range-svr.model'));
    expect(await inbox.list('')).toEqual([]);
    const { manifest, predictor } = await loadFrom(registry, openInRuntime())('m', 1);
    expect(manifest.blobs.map(({ file }) => file)).toEqual(['libsvm-range-svr.model', 'libsvm-range-svr.range']);
    const { input, prediction } = referenceJson<LibsvmAnswers>('models/libsvm-range-svr.expected.json');
    const data = Float64Array.from(input.flat());
    const answers = await predictor.predict(
      new Map([['input', { datatype: 'FP64', shape: [input.length, 5], data }]]),
      new AbortController().signal,
    );
    expectClose(Array.from(answers.get('predict')?.data as ArrayLike<number>), prediction);
  });

  test('takes no notice of an empty one, which a broken push leaves', async () => {
    await lay('inbox/m/other.range', '');
    await layFile('libsvm-iris-linear.model');
    await deploy(landed('inbox/m/libsvm-iris-linear.model'));
    expect((await loadFrom(registry, openInRuntime())('m', 1)).manifest.preparation).toEqual([]);
  });

  test('is refused where it is not clear which of two', async () => {
    await layFile('libsvm-range-svr.range');
    await layFile('libsvm-range-svc.range');
    await layFile('libsvm-range-svr.model');
    await deploy(landed('inbox/m/libsvm-range-svr.model'));
    expect(await drops()).toMatchObject([{ state: 'refused', error: expect.stringContaining('the only .range file') }]);
  });
});

describe('a model that lands', () => {
  test('is published, released and taken away', async () => {
    await lay('inbox/m/model.json', model(1));
    expect(await deploy(landed('inbox/m/model.json'))).toEqual({ batchItemFailures: [] });
    expect(await stable()).toBe(1);
    expect(await inbox.list('')).toEqual([]);
  });

  test('is one version, however often its event comes', async () => {
    await lay('inbox/m/model.json', model(1));
    await deploy(landed('inbox/m/model.json', 'inbox/m/model.json'));
    await deploy(landed('inbox/m/model.json'));
    expect(await registry.list('models/')).toEqual(['models/m/1/manifest.json']);
  });

  test('stays released where its event came twice at once, and the second taker finds it gone', async () => {
    await lay('inbox/m/model.json', model(1));
    const second = deployFunction({
      inbox,
      registry,
      now: () => 0,
      log: { info: () => {}, error: () => {} },
      verify: () => Promise.reject(new Error('a presigned read was answered 404')),
      train: noTraining,
      hasEndpoint: false,
    });
    // The first is through before the second says that it verifies.
    registry.before = async (question) => {
      if (!question.startsWith('replace drops/')) return;
      registry.before = () => {};
      await deploy(landed('inbox/m/model.json'));
    };
    expect((await second(landed('inbox/m/model.json'))).batchItemFailures).toHaveLength(1);
    const [drop = ''] = await registry.list('drops/');
    expect(JSON.parse(await textOf(registry, drop))).toMatchObject({ state: 'released', version: 1 });
  });

  test.each(['a+b.json', 'a b.json', 'a%20b.json', '100%.json', 'é😀.json', "it's.json", 'a:b'])(
    'is found under the name %s, taken literally',
    async (file) => {
      await lay(`inbox/m/${file}`, model(1));
      await deploy(landed(`inbox/m/${file}`));
      expect(await stable()).toBe(1);
    },
  );

  test('is proved by its examples, which go with it', async () => {
    await lay('inbox/m/examples.json', '[{"inputs":{"instances":[[3]]},"outputs":[6]}]');
    await lay('inbox/m/model.json', model(2));
    await deploy(landed('inbox/m/model.json'));
    expect(await stable()).toBe(1);
    expect(await inbox.list('')).toEqual([]);
  });

  test('is the model that was verified: files that change meanwhile are another try', async () => {
    await lay('inbox/m/model.json', model(2));
    const verify: DropPorts['verify'] = async (keys) => {
      const report = await verifyInProcess(inbox)(keys);
      return report.ok ? { ...report, sha256: ['0'.repeat(64)] } : report;
    };
    const another = deployFunction({
      inbox,
      verify,
      train: noTraining,
      hasEndpoint: false,
      registry,
      now: () => 0,
      log: { info: () => {}, error: () => {} },
    });
    const { batchItemFailures } = await another(landed('inbox/m/model.json'));
    expect(batchItemFailures).toHaveLength(1);
    expect(await registry.list('models/')).toEqual([]);
  });
});

const REFUSED: [string, Record<string, Uint8Array | string>, string][] = [
  [
    'whose examples it does not answer',
    { 'model.json': model(2), 'examples.json': '[{"inputs":{"instances":[[3]]},"outputs":[7]}]' },
    'it answers 6',
  ],
  ['whose examples are no JSON', { 'model.json': model(2), 'examples.json': '[' }, 'examples.json'],
  [
    'whose examples are of another model',
    { 'model.json': model(2), 'examples.json': '[{"inputs":{"instances":[[3,4]]},"outputs":[7]}]' },
    'features',
  ],
  [
    'whose declaration is of another model',
    { 'model.json': model(2), 'drop.json': '{"features":["a","b"]}' },
    'features',
  ],
  [
    'whose list names what goes with no model',
    { 'model.json': model(2), 'drop.json': '{"files":["model.json","readme.txt"]}' },
    'drop.json.files must be the model file and what goes with it',
  ],
  [
    'that asks for a place that is not there',
    { 'model.json': model(2), 'drop.json': '{"placement":"moon"}' },
    'drop.json.placement',
  ],
  [
    'of a kind that scores in process, for an asynchronous endpoint',
    { 'model.json': model(2), 'drop.json': '{"placement":"endpoint-async"}' },
    'drop.json.placement must be lambda',
  ],
  [
    'for an asynchronous endpoint where none is set up',
    { 'model.onnx': onnxLine(), 'drop.json': '{"placement":"endpoint-async"}' },
    'asynchronous endpoints are not set up here',
  ],
  ['that is empty', { 'model.json': '' }, 'empty'],
  [
    'that is a pickle',
    { 'model.pkl': Buffer.from('\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00', 'latin1') },
    'model.pkl',
  ],
  ['that is nothing known', { 'model.bin': 'hello' }, 'no format'],
  ['that is cut short', { 'model.json': model(1).subarray(0, 50) }, 'JSON'],
];

test('a model whose drop.json lists its files, and says where it runs, is taken where all are there', async () => {
  await lay('inbox/m/model.json', model(2));
  await lay('inbox/m/drop.json', '{"files":["model.json","drop.json"],"placement":"lambda"}');
  await deploy(landed('inbox/m/model.json'));
  expect(await channelOf()).toMatchObject({ stable: 1 });
});

describe('a model whose listed files are not all there', () => {
  const examples = '[{"inputs":{"instances":[[3]]},"outputs":[6]}]';
  let time: number;
  beforeEach(async () => {
    time = Date.UTC(2026, 10, 23);
    deploy = deployFunction({
      inbox,
      verify: verifyInProcess(inbox),
      train: noTraining,
      hasEndpoint: false,
      registry,
      now: () => time,
      log: { info: () => {}, error: () => {} },
    });
    await lay('inbox/m/drop.json', '{"files":["model.json","drop.json","examples.json"]}');
    await lay('inbox/m/model.json', model(2));
    expect((await deploy(landed('inbox/m/model.json'))).batchItemFailures).toHaveLength(1);
    expect(await drops()).toMatchObject([{ state: 'received' }]);
  });

  test('is taken up with the event of the last of them', async () => {
    await deploy(landed('inbox/m/drop.json'));
    expect(await drops()).toMatchObject([{ state: 'received' }]);
    await lay('inbox/m/examples.json', examples);
    expect(await deploy(landed('inbox/m/examples.json'))).toEqual({ batchItemFailures: [] });
    expect(await drops()).toMatchObject([{ state: 'released', version: 1 }]);
    expect(await inbox.list('inbox/')).toEqual([]);
    expect(await deploy(landed('inbox/m/model.json'))).toEqual({ batchItemFailures: [] });
    expect(await registry.list('models/')).toHaveLength(1);
  });

  test('is taken up when its message comes again, and they are there', async () => {
    await lay('inbox/m/examples.json', examples);
    expect(await deploy(landed('inbox/m/model.json'))).toEqual({ batchItemFailures: [] });
    expect(await drops()).toMatchObject([{ state: 'released' }]);
  });

  test('waits for a minute, and is then refused with the one that never came', async () => {
    time += 59_000;
    expect((await deploy(landed('inbox/m/model.json'))).batchItemFailures).toHaveLength(1);
    time += 2_000;
    expect(await deploy(landed('inbox/m/model.json'))).toEqual({ batchItemFailures: [] });
    const error = expect.stringMatching(/^drop\.json\.files must come within 60 s .* got "examples\.json"$/);
    expect(await drops()).toMatchObject([{ state: 'refused', error }]);
  });

  test('is not taken up by the event of a companion before its own has come', async () => {
    await lay('inbox/n/drop.json', '{"files":["model.json","drop.json"]}');
    await lay('inbox/n/model.json', model(2));
    await deploy(landed('inbox/n/drop.json'));
    expect(await registry.list('models/n/')).toEqual([]);
  });
});

describe('a model is refused with a report beside it', () => {
  test.each(REFUSED)('%s', async (_, files, words) => {
    for (const [file, bytes] of Object.entries(files)) await lay(`inbox/m/${file}`, bytes);
    const [file] = Object.keys(files) as [string];
    expect(await deploy(landed(`inbox/m/${file}`))).toEqual({ batchItemFailures: [] });
    expect(JSON.parse(await textOf(inbox, `inbox/m/${file}.report.json`)).error).toContain(words);
    expect(await inbox.list('refused/')).toEqual(
      Object.keys(files)
        .map((name) => `refused/m/${name}`)
        .sort(),
    );
    expect(await inbox.list('inbox/')).toEqual([`inbox/m/${file}.report.json`]);
    expect(await registry.list('models/')).toEqual([]);
  });

  test('under the name of its drop, where its own would be too long', async () => {
    const file = `${'n'.repeat(250)}.bin`;
    await lay(`inbox/m/${file}`, 'hello');
    expect(await deploy(landed(`inbox/m/${file}`))).toEqual({ batchItemFailures: [] });
    expect((await inbox.list('inbox/m/')).map((path) => path.replace(/[0-9a-f]{16}/, '<id>'))).toEqual([
      'inbox/m/<id>.report.json',
    ]);
  });

  test.each(['Iris', 'a_b', '-a', 'a'.repeat(64), 'é', 'a b', '__proto__'])('in a folder named %s', async (folder) => {
    await lay(`inbox/${folder}/model.json`, model(1));
    expect(await deploy(landed(`inbox/${folder}/model.json`))).toEqual({ batchItemFailures: [] });
    expect(await textOf(inbox, `inbox/${folder}/model.json.report.json`)).toContain('named like a model');
    expect(await registry.list('')).toEqual([]);
  });
});

describe('nothing is done about', () => {
  test.each([
    'inbox/m/drop.json',
    'inbox/m/examples.json',
    'inbox/m/model.json.report.json',
    'inbox/m/model.onnx.data',
    'inbox/m/scale.range',
    'inbox/m/model.part',
    'inbox/m/.hidden',
    'inbox/model.json',
    'inbox/m/deeper/model.json',
    'refused/m/model.json',
    'other/m/model.json',
    'inbox//model.json',
    'inbox/m/',
  ])('%s', async (key) => {
    await inbox.create(key, model(1)).catch(() => undefined);
    expect(await deploy(landed(key))).toEqual({ batchItemFailures: [] });
    expect(await registry.list('')).toEqual([]);
  });

  test.each(['inbox/../model.json', 'inbox/m/..', 'inbox/./x', '', '/', 'inbox/m/a\0b', `inbox/m/${'x'.repeat(300)}`])(
    'the key %j, which no store takes',
    async (key) => {
      expect(await deploy(landed(key))).toEqual({ batchItemFailures: [] });
      expect(await registry.list('')).toEqual([]);
    },
  );

  test('an object that was deleted before its event came', async () => {
    await lay('inbox/m/model.json', model(1));
    await inbox.delete('inbox/m/model.json', (await inbox.read('inbox/m/model.json'))?.etag ?? '');
    expect(await deploy(landed('inbox/m/model.json'))).toEqual({ batchItemFailures: [] });
    expect(await registry.list('')).toEqual([]);
  });

  test('what was written about a drop, or by it', async () => {
    await lay('inbox/m/bad.json', '{');
    await lay('inbox/m/model.json', model(1));
    await deploy(landed('inbox/m/bad.json', 'inbox/m/model.json'));
    const ours = [...(await inbox.list('')), ...(await registry.list(''))];
    expect(ours).toContain('inbox/m/bad.json.report.json');
    [inbox.asked.length, registry.asked.length] = [0, 0];
    expect(await deploy(landed(...ours))).toEqual({ batchItemFailures: [] });
    const written = [...inbox.asked, ...registry.asked].filter((question) => /^(create|replace|delete)/.test(question));
    expect(written).toEqual([]);
  });
});

describe('what comes back to the queue', () => {
  test.each([
    ['from any step on', (asked: number, step: number) => asked >= step],
    ['at any one step', (asked: number, step: number) => asked === step],
  ])('is what a failing store has stopped, and it is done once the store is back: it fails %s', async (_, fails) => {
    for (let step = 1; step < 30; step++) {
      [inbox, registry] = [watchedStore(), watchedStore()];
      deploy = deployFunction({
        inbox,
        verify: verifyInProcess(inbox),
        train: noTraining,
        hasEndpoint: false,
        registry,
        now: () => 0,
        log: { info: () => {}, error: () => {} },
      });
      await lay('inbox/m/model.json', model(1));
      let asked = 0;
      const fail = (question: string) => {
        asked += 1;
        if (fails(asked, step)) throw new StoreUnavailable(question, { cause: new Error('down') });
      };
      [inbox.before, registry.before] = [fail, fail];
      const { batchItemFailures } = await deploy(landed('inbox/m/model.json'));
      const isDone = asked < step;
      expect(batchItemFailures, `step ${step}`).toEqual(isDone ? [] : [{ itemIdentifier: '0' }]);
      [inbox.before, registry.before] = [() => {}, () => {}];
      await deploy(landed('inbox/m/model.json'));
      expect(await stable(), `step ${step}`).toBe(1);
      expect(await registry.list('models/')).toEqual(['models/m/1/manifest.json']);
      expect(await inbox.list('')).toEqual([]);
      if (isDone) return;
    }
    expect.fail('it never got through');
  });

  test('is that message alone, while the others are done', async () => {
    await lay('inbox/a/model.json', model(1));
    await lay('inbox/b/model.json', model(2));
    const event = landed('inbox/a/model.json', 'poison', 'inbox/b/model.json');
    Object.assign(event.Records[1] as object, { body: 'no event' });
    expect(await deploy(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect([await stable('a'), await stable('b')]).toEqual([1, 1]);
  });

  test('releases nothing where its drop was released before: somebody may have gone on in between', async () => {
    let now = 0;
    deploy = deployFunction({
      inbox,
      verify: verifyInProcess(inbox),
      train: noTraining,
      hasEndpoint: false,
      registry,
      now: () => ++now,
      log: { info: () => {}, error: () => {} },
    });
    await lay('inbox/m/old.json', model(1));
    inbox.before = (question) => {
      if (question.startsWith('delete')) inbox.down = true;
    };
    expect((await deploy(landed('inbox/m/old.json'))).batchItemFailures).toHaveLength(1);
    expect(await stable()).toBe(1);
    inbox.before = () => {};
    inbox.down = false;
    await lay('inbox/m/new.json', model(2));
    await deploy(landed('inbox/m/new.json'));
    expect(await stable()).toBe(2);

    await deploy(landed('inbox/m/old.json'));
    expect(await stable()).toBe(2);
    expect(await inbox.list('')).toEqual([]);
  });

  test('is released again where the same file is dropped anew', async () => {
    let now = 0;
    deploy = deployFunction({
      inbox,
      verify: verifyInProcess(inbox),
      train: noTraining,
      hasEndpoint: false,
      registry,
      now: () => ++now,
      log: { info: () => {}, error: () => {} },
    });
    for (const [file, slope] of [
      ['a.json', 1],
      ['b.json', 2],
      ['a.json', 1],
    ] as const) {
      await lay(`inbox/m/${file}`, model(slope));
      await deploy(landed(`inbox/m/${file}`));
    }
    expect(await stable()).toBe(1);
  });

  test('brings what lies in the inbox now, in whatever order the events of one key come', async () => {
    await lay('inbox/m/model.json', model(1));
    const late = landed('inbox/m/model.json');
    const stored = await inbox.read('inbox/m/model.json');
    await inbox.replace('inbox/m/model.json', model(2), stored?.etag ?? '');
    await deploy(landed('inbox/m/model.json'));
    await deploy(late);
    expect(await stable()).toBe(1);
    expect(await registry.list('models/')).toHaveLength(1);
  });
});
