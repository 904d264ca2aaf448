import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each room may import from: other rooms or single files of them, and packages. The first room that a path starts with is its own. */
const rooms: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: RegExp }>> = {
  models: { rooms: [], packages: /^(typebox|@bufbuild\/protobuf)(\/|$)/ },
  adapters: { rooms: ['models'], packages: /./ },
  'functions/http': { rooms: ['models', 'adapters'], packages: /./ },
  functions: { rooms: ['functions/http', 'models', 'adapters'], packages: /./ },
  examples: { rooms: ['models', 'adapters/table', 'adapters/archive'], packages: /^node:/ },
  'infra/local': { rooms: ['functions', 'functions/http', 'adapters', 'models', 'examples'], packages: /./ },
  'infra/aws': { rooms: ['functions/http', 'adapters/registry', 'models'], packages: /./ },
  'apps/client': { rooms: ['models'], packages: /^(?!aws-cdk)/ },
  'apps/cli': {
    rooms: [
      'apps/client',
      'models',
      'adapters/store',
      'adapters/aws/json-call.ts',
      'adapters/registry/keys.ts',
      'adapters/table',
      'adapters/onnx/score-rows.ts',
      'adapters/onnx/runtime.ts',
      'adapters/archive',
      'adapters/torch',
      'adapters/archive',
      'infra/local',
      'infra/aws/stages.ts',
      'infra/aws/endpoint-name.ts',
      'infra/aws/stack-names.ts',
      'examples/linear-regression/example.ts',
    ],
    packages: /^(?!aws-cdk-lib|constructs)/,
  },
};

/** A job is a prediction: its entry wires the predict function as a port, in the same process. Its code knows the port only. */
const wired: Readonly<Record<string, string>> = { 'functions/jobs/entry.ts': 'predict' };

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const sources = Object.keys(rooms)
  .map((room) => room.split('/')[0] as string)
  .filter((top, i, tops) => tops.indexOf(top) === i)
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((file) => join(top, file)))
  .filter((file) => file.endsWith('.ts'));

const arrows: Arrow[] = sources.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => ({
    from,
    to: target.startsWith('.') ? relative(root, join(root, dirname(from), target)) : target,
  })),
);

const roomOf = (file: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];

/** Ours, or made from a schema of ours. */
const isSource = (target: string): boolean => /\.ts$|_pb\.js$/.test(target);

/** Why an arrow must not be; undefined where it may. */
function offence({ from, to }: Arrow): string | undefined {
  const room = roomOf(from);
  if (room === undefined) return `${from} is in no room`;
  const allowed = rooms[room] as (typeof rooms)[string];
  if (!isSource(to)) return allowed.packages.test(to) ? undefined : `${from} must not import the package ${to}`;
  const target = roomOf(to);
  if (target === room) {
    const [verb, sibling] = [from, to].map((file) => file.split('/')[1]);
    return room === 'functions' && verb !== sibling && wired[from] !== sibling
      ? `${from} must not import its sibling verb's ${to}`
      : undefined;
  }
  return allowed.rooms.some((other) => to === other || to.startsWith(`${other}/`))
    ? undefined
    : `${from} must not import ${to}`;
}

describe('import arrows', () => {
  it('found the sources', () => {
    expect(arrows.length).toBeGreaterThan(200);
  });

  it('go only where the plan of the house lets them', () => {
    expect(arrows.map(offence).filter(Boolean)).toEqual([]);
  });

  it.each<Arrow>([
    { from: 'models/release.ts', to: 'node:fs' },
    { from: 'models/release.ts', to: 'adapters/store/store.ts' },
    { from: 'adapters/store/files.ts', to: 'functions/http/routes.ts' },
    { from: 'functions/predict/handler.ts', to: 'functions/control/keys.ts' },
    { from: 'functions/jobs/work.ts', to: 'functions/predict/handler.ts' },
    { from: 'functions/jobs/entry.ts', to: 'functions/control/jobs.ts' },
    { from: 'functions/http/call.ts', to: 'functions/predict/handler.ts' },
    { from: 'apps/cli/push.ts', to: 'functions/http/routes.ts' },
    { from: 'apps/cli/aws/cdk.ts', to: 'infra/aws/platform.ts' },
    { from: 'apps/cli/aws/cdk.ts', to: 'aws-cdk-lib' },
    { from: 'infra/local/platform.ts', to: 'apps/cli/push.ts' },
  ])('refuse $from -> $to', (arrow) => {
    expect(offence(arrow)).toContain('must not import');
  });

  it('leave the environment to the composition roots', () => {
    const readers = sources.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers.filter((file) => !file.endsWith('entry.ts'))).toEqual([]);
  });
});
