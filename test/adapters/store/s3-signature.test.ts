import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import { s3Addresses } from '../../../adapters/store/s3-address.ts';
import { signedHeaders } from '../../../adapters/store/s3-get.ts';
import { Sha256 } from '../sdk-sha256.ts';

const AT = '20261101T120000Z';
const at = new Date('2026-11-01T12:00:00Z');
const EMPTY = createHash('sha256').digest('hex');

const lasting = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const passing = { ...lasting, sessionToken: 'IQoJb3JpZ2luX2VjE//+=' };

const keys = [
  'keys/0a.json',
  'a b+c',
  '100%',
  'a%2Fb',
  'æøå 模型 😀',
  "it's (1)!*",
  'q?x=1#y&z',
  'back\\slash',
  '~-_.',
  'a:b@c;d,e$',
  '__proto__',
];
const places = [
  { region: 'eu-north-1', endpoint: undefined },
  { region: 'us-east-1', endpoint: undefined },
  { region: 'cn-north-1', endpoint: undefined },
  { region: 'us-east-1', endpoint: 'http://127.0.0.1:5000' },
];
const cases = keys.flatMap((key) => places.map((place) => ({ key, ...place })));

test.each(cases)("signs $key in $region at $endpoint as AWS's own signer does", async ({ key, region, endpoint }) => {
  const address = s3Addresses('registry', { region, endpoint })(key);
  for (const credentials of [lasting, passing]) {
    for (const etag of [undefined, '"9b2cf535f27731c974343645a3985328"']) {
      const session = { region, sessionToken: undefined, ...credentials };
      const { host, ...headers } = signedHeaders(session, address, etag, AT);
      const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
      const theirs = await signer.sign(
        {
          method: 'GET',
          protocol: 'https:',
          hostname: address.hostname,
          path: address.path,
          headers: {
            host: host as string,
            'x-amz-checksum-mode': 'ENABLED',
            'x-amz-content-sha256': EMPTY,
            ...(etag && { 'if-none-match': etag }),
          },
        },
        { signingDate: at },
      );
      expect(headers.Authorization).toBe(theirs.headers.authorization);
      expect(headers['X-Amz-Security-Token']).toBe(theirs.headers['x-amz-security-token']);
    }
  }
});
