import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, expect, it, vi } from 'vitest';
import { runtimeUrl, signing } from '../../../adapters/endpoint/signed.ts';
import { Sha256 } from '../sdk-sha256.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = new Date('2026-11-01T12:00:00Z');

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['eu-north-1', undefined],
  ['cn-north-1', 'IQoJb3JpZ2luX2VjE//+='],
])("signs a body in parts as AWS's own signer signs the whole (%s)", async (region, sessionToken) => {
  vi.useFakeTimers({ now: at, toFake: ['Date'] });
  const session = { region, endpoint: undefined, sessionToken, ...credentials };
  const { host } = runtimeUrl(session);
  const body = [Buffer.from('{"inputs":[]}'), Buffer.from([0, 255, 128, 7])];
  const path = '/endpoints/modeldrop-gpu/invocations';
  const sent = {
    'content-type': 'a/b;json-header-size=13',
    'x-amzn-sagemaker-target-model': `${'a'.repeat(64)}.tar.gz`,
  };
  const ours = signing(host, session)({ path, headers: sent, body });
  const names = new Map(Object.entries(ours.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

  const signer = new SignatureV4({
    service: 'sagemaker',
    region,
    credentials: { ...credentials, ...(sessionToken && { sessionToken }) },
    sha256: Sha256,
  });
  const signed = /SignedHeaders=([^,]+)/.exec(names.get('authorization') ?? '')?.[1]?.split(';') ?? [];
  const theirs = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path,
      headers: Object.fromEntries(signed.map((name) => [name, names.get(name) ?? ''])),
      body: Buffer.concat(body),
    },
    { signingDate: at, signableHeaders: new Set(signed) },
  );
  expect(names.get('authorization')).toBe(theirs.headers.authorization);
  // What says which model runs, and on what, can't be changed on the way.
  expect(signed).toEqual(expect.arrayContaining(['host', 'x-amz-content-sha256', 'x-amzn-sagemaker-target-model']));
});
