import { expect, it } from 'vitest';
import { listKeys } from '../../../../adapters/registry/keys.ts';
import { createKeyOf } from '../../../../apps/cli/aws/keys-create.ts';
import { Failure, Misuse } from '../../../../apps/cli/failures.ts';
import { stacksOf } from '../../../../infra/aws/stack-names.ts';
import { dev } from '../../../../infra/aws/stages/dev.ts';
import { fakeCloud, OPERATOR } from './fake-cloud.ts';

it('an operator’s key is an admin’s, in the registry without its secret', async () => {
  const { reach, registry } = fakeCloud({ url: 'https://api.example', deployed: stacksOf(dev) });
  const { key, ...stored } = await createKeyOf('dev', {}, reach);
  expect(key).toMatch(/^md[0-9a-f]{64}$/);
  expect(stored).toMatchObject({ name: 'admin', tenant: 'default', scopes: ['admin'], createdBy: OPERATOR.arn });
  expect(await listKeys(registry)).toEqual([stored]);
});

it('needs a tenant of the stage', async () => {
  const refusal = createKeyOf('dev', { tenant: 'acme' }, fakeCloud().reach);
  await expect(refusal).rejects.toThrow('--tenant must be one of stage dev: default; got acme');
  await expect(refusal).rejects.toBeInstanceOf(Misuse);
});

it('needs a stage that is deployed', async () => {
  await expect(createKeyOf('dev', {}, fakeCloud().reach)).rejects.toEqual(
    new Failure('stage dev is not deployed here; run modeldrop deploy --stage dev'),
  );
});
