import { describe, expect, it } from 'vitest';
import { modeldrop } from './command.ts';

const COMMANDS = [
  'start',
  'push',
  'drops',
  'diff',
  'models',
  'versions',
  'predict',
  'export',
  'plan',
  'release',
  'rollback',
  'delete',
  'doctor',
  'deploy',
  'destroy',
];

describe('modeldrop --help', () => {
  it('names every command, and what holds for all', async () => {
    const { code, stdout, stderr } = await modeldrop(['--help']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const command of [...COMMANDS, 'keys']) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    for (const fact of ['Exit codes:', 'MODELDROP_URL', 'MODELDROP_KEY', 'MODELDROP_HOME'])
      expect(stdout).toContain(fact);
  });

  it.each([...COMMANDS, 'keys list', 'keys create', 'keys revoke'])('teaches %s by example', async (command) => {
    const { code, stdout } = await modeldrop([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: modeldrop ${command}`);
    expect(stdout).toMatch(new RegExp(`^  \\$ .*modeldrop ${command}`, 'm'));
    expect(stdout).toContain('Exit codes:');
  });

  it('comes on stderr where no command is given', async () => {
    const { code, stdout, stderr } = await modeldrop([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: modeldrop');
  });
});

describe('a wrong command line', () => {
  it.each([
    ['an unknown command', 'pusj', 'Did you mean push'],
    ['an unknown option', 'models --jsn', '--jsn'],
    ['a missing argument', 'versions', "'model'"],
    ['a missing option', 'predict iris', '--input'],
    ['too much', 'rollback iris 2', 'too many arguments'],
    ['a version that is no number', 'release iris two', 'whole number'],
    ['a version of 0', 'release iris 0', 'whole number'],
    ['a canary of everything', 'release iris 2 --canary 100', 'between 0 and 100'],
    ['a canary that is a shadow', 'release iris 2 --canary 10 --shadow', 'not both'],
    ['terms of no canary', 'release iris 2 --bake 10', '--canary'],
    ['a mode of one version', 'release iris 2 --mode canary', '--mode'],
    ['a mode that is none', 'release iris --mode blue', 'direct, canary, shadow, manual'],
    ['no version', 'release iris --canary 10', '--mode'],
    ['an unknown scope', 'keys create --name ci --scopes depoy', 'predict, deploy, admin'],
    ['a port that is none', 'start --port 99999', '65535'],
    ['two model files', 'push a.json b.json', 'one model file'],
    ['companions alone', 'push drop.json', 'no model file'],
    ['a file that starts no drop', 'push iris.part', 'not a model file'],
    ['a name that is none', 'push package.json --name Iris', 'lower-case'],
    ['an export to another format', 'export iris.model --out iris.pmml', '.onnx'],
    ['an erasure by accident', 'delete iris', '--yes'],
    ['a key for nothing', 'keys create --scopes deploy', '--name'],
    ['an admin key of no stage', 'keys create --admin', '--stage'],
    ['an admin key that may less', 'keys create --admin --stage dev --scopes predict', '--scopes'],
    ['a stage where none is asked for', 'doctor --stage prod', '--aws'],
    ['a stage that is none', 'deploy --stage staging --yes', 'dev, prod or a file'],
    ['a stage file that is not there', 'destroy --stage nowhere.json --yes', 'nowhere.json'],
    ['a deployment that nobody watches', 'deploy', '--yes'],
    ['an API address that is none', 'deploy --yes --url models.example', 'http or https'],
  ])('with %s is told on one line', async (_, line, told) => {
    const { code, stdout, stderr } = await modeldrop(line.split(' '));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^modeldrop: [^\n]+\n$/);
    expect(stderr).toContain(told);
  });

  it('with a URL that is none is told so', async () => {
    const { code, stderr } = await modeldrop(['models'], {
      env: { MODELDROP_URL: 'localhost:8080', MODELDROP_KEY: 'k' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('MODELDROP_URL must be an http or https URL, got "localhost:8080"');
  });
});

describe('without a platform', () => {
  it('says how to start one', async () => {
    const { code, stdout, stderr } = await modeldrop(['models', '--json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^modeldrop: .*npm start.*MODELDROP_URL and MODELDROP_KEY\n$/);
  });

  it('says so where nobody listens', async () => {
    const env = { MODELDROP_URL: 'http://127.0.0.1:1', MODELDROP_KEY: 'some-key' };
    const { code, stderr } = await modeldrop(['keys', 'list'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^modeldrop: http:\/\/127\.0\.0\.1:1 does not answer: .*npm start.*\n$/);
  });

  it('asks for the key of a stated URL, and tells it nobody else’s', async () => {
    const { code, stderr } = await modeldrop(['models'], { env: { MODELDROP_URL: 'https://models.example' } });
    expect(code).toBe(1);
    expect(stderr).toContain('MODELDROP_KEY is not');
  });

  it('names the file that is not there', async () => {
    const { code, stderr } = await modeldrop(['push', 'nowhere/model.json']);
    expect([code, stderr]).toEqual([1, "modeldrop: nowhere/model.json can't be read: there is no such file\n"]);
  });
});

/** No account of whoever runs the tests is ever reached. */
const NO_ACCOUNT = {
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

describe('without an AWS account', () => {
  it('a deployment asks for a region first', async () => {
    const { code, stdout, stderr } = await modeldrop(['deploy', '--yes'], { env: NO_ACCOUNT });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^modeldrop: region: none is set; set AWS_REGION, [^\n]+\n$/);
  });

  it.each(['deploy --yes', 'destroy --yes', 'keys create --admin --stage dev'])(
    '%s asks for credentials',
    async (line) => {
      const env = { ...NO_ACCOUNT, AWS_REGION: 'eu-north-1' };
      const { code, stdout, stderr } = await modeldrop(line.split(' '), { env });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^modeldrop: credentials: none are found; run aws sso login[^\n]+\n$/);
    },
  );

  it('the doctor says what is missing', async () => {
    const env = { ...NO_ACCOUNT, AWS_REGION: 'eu-north-1' };
    const { code, stdout, stderr } = await modeldrop(['doctor', '--aws'], { env });
    expect([code, stderr]).toEqual([1, 'modeldrop: credentials failed\n']);
    expect(stdout).toMatch(
      /^ok {6}node .*\nok {6}stage {8}dev\nok {6}region {7}eu-north-1\nfailed {2}credentials {2}none/,
    );
  });
});
