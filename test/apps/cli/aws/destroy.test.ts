import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DestroyOptions, destroy } from '../../../../apps/cli/aws/destroy.ts';
import { Failure, Interrupted, Misuse } from '../../../../apps/cli/failures.ts';
import { STACKS, stacksOf } from '../../../../infra/aws/stack-names.ts';
import { dev } from '../../../../infra/aws/stages/dev.ts';
import { fakeCloud, fakeTerminal } from './fake-cloud.ts';

async function run(
  options: Partial<DestroyOptions>,
  terminalOptions: Parameters<typeof fakeTerminal>[0] = {},
  fake = fakeCloud({ stage: options.stage ?? 'dev', deployed: stacksOf(dev) }),
) {
  const { terminal, err } = fakeTerminal(terminalOptions);
  const failure = await destroy(terminal, { stage: 'dev', ...options }, fake.reach).catch((error: Error) => error);
  return { failure, err: err(), did: fake.did };
}

const SERVICES = 'destroy Serving Pipeline Operations';

describe('destroy', () => {
  it('keeps the data, and says what stays and how to remove it', async () => {
    const { failure, err, did } = await run({ yes: true });
    expect([failure, did]).toEqual([undefined, ['synthesize', SERVICES]]);
    for (const told of ['s3://the-inbox', 's3://the-registry', 'the-key', 'modeldrop destroy --stage dev --data'])
      expect(err).toContain(told);
  });

  it('removes the data when told, after whoever writes it', async () => {
    const { did } = await run({ data: true, yes: true });
    expect(did).toEqual(['synthesize', SERVICES, 'empty the-inbox', 'empty the-registry', 'destroy Storage']);
  });

  it('empties what only passes through before its stack goes, and keeps the rest', async () => {
    const { did, err } = await run({ yes: true }, {}, fakeCloud({ deployed: stacksOf(dev), passing: ['the-calls'] }));
    expect(did).toEqual(['synthesize', 'empty the-calls', SERVICES]);
    expect(err).not.toContain('s3://the-calls');
  });

  it('removes what a stage tells CloudFormation to keep', async () => {
    const { did, err } = await run({ stage: 'prod', data: true, yes: true });
    expect(did.slice(2)).toEqual([
      'empty the-inbox',
      'empty the-registry',
      'unprotect Modeldrop-prod-Storage',
      'destroy Storage',
      'delete the-inbox',
      'delete the-registry',
    ]);
    expect(err).toContain('aws kms schedule-key-deletion --key-id the-key');
  });

  it('goes on at the name of the stage only', async () => {
    expect((await run({}, { answer: 'dev' })).did).toEqual(['synthesize', SERVICES]);
    const declined = await run({}, { answer: 'yes' });
    expect([declined.failure, declined.did]).toEqual([new Failure('nothing was changed'), []]);
  });

  it('touches nothing where nobody can be asked', async () => {
    const { failure, did } = await run({});
    expect(failure).toBeInstanceOf(Misuse);
    expect(did).toEqual([]);
  });

  it('stops before a GPU that the stage no longer asks for would be left behind, and goes on costing', async () => {
    const { failure, did } = await run({ yes: true }, {}, fakeCloud({ deployed: STACKS }));
    expect(failure).toEqual(
      new Failure(
        'Modeldrop-dev-Gpu is there, and costs, though stage dev no longer asks for it; ' +
          'remove it: aws cloudformation delete-stack --stack-name Modeldrop-dev-Gpu',
      ),
    );
    expect(did).toEqual([]);
  });

  it('stops before endpoints that were made at run time would outlive their stage', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modeldrop-stage-'));
    const stage = join(folder, 'ours.json');
    await writeFile(stage, JSON.stringify({ name: 'ours', asyncGpu: { instance: 'ml.g5.xlarge', max: 1 } }));
    const destroyed = (endpoints: string[]) =>
      run({ stage, yes: true }, {}, fakeCloud({ stage: 'ours', deployed: stacksOf(dev), endpoints }));
    const stopped = await destroyed(['modeldrop-ours-1', 'modeldrop-ours-2', 'modeldrop-other-3']);
    const gone = await destroyed(['modeldrop-ours', 'modeldrop-other-3']);
    await rm(folder, { recursive: true });
    expect(stopped.failure).toEqual(
      new Failure(
        'the asynchronous endpoint modeldrop-ours-1 and 1 more would outlive its stage; ' +
          'erase the models first: modeldrop delete <model>',
      ),
    );
    expect(stopped.did).toEqual([]);
    expect([gone.failure, gone.did.at(-1)]).toEqual([undefined, SERVICES]);
  });

  it('says so where there is nothing', async () => {
    const { failure, err, did } = await run({ yes: true }, {}, fakeCloud());
    expect([failure, did]).toEqual([undefined, []]);
    expect(err).toBe('stage dev is not deployed in account 123456789012, eu-north-1\n');
  });

  it('takes up what an interruption left', async () => {
    const fake = fakeCloud({ deployed: ['Storage'] });
    fake.interrupt();
    expect((await run({ data: true, yes: true }, {}, fake)).failure).toBeInstanceOf(Interrupted);
    const again = await run({ data: true, yes: true }, {}, fakeCloud({ deployed: ['Storage'] }));
    expect(again.did.at(-1)).toBe('destroy Storage');
  });
});
