import { expect, test } from 'vitest';
import { s3Addresses } from '../../../adapters/store/s3-address.ts';
import { s3Client } from '../../../adapters/store/s3-client.ts';

const addressed = (bucket: string, region: string, endpoint?: string) => {
  const { hostname, port, path } = s3Addresses(bucket, { region, endpoint })('a/b');
  return { hostname, port, path };
};

test.each([
  ['registry', 'eu-north-1'],
  ['registry', 'us-east-1'],
  ['registry', 'us-gov-west-1'],
  ['registry', 'cn-north-1'],
  ['registry', 'eusc-de-east-1'],
  ['registry', 'us-iso-east-1'],
  ['registry', 'us-isob-east-1'],
  ['registry', 'us-isof-south-1'],
  ['registry', 'eu-isoe-west-1'],
  ['with.dots', 'eu-north-1'],
])("finds bucket %s in %s where AWS's own client does", (bucket, region) => {
  const { endpointProvider, ...config } = s3Client({ region }).config;
  const { url } = endpointProvider({ Region: region, Bucket: bucket, UseGlobalEndpoint: false }, config as never);
  const { hostname, path } = addressed(bucket, region);
  expect(`${hostname}${path}`).toBe(`${url.hostname}${url.pathname.replace(/\/$/, '')}/a/b`);
});

test.each([
  ['http://127.0.0.1:5000', { hostname: '127.0.0.1', port: '5000', path: '/registry/a/b' }],
  ['https://s3.example/base/', { hostname: 's3.example', port: '', path: '/base/registry/a/b' }],
])('asks the stand-in %s by path', (endpoint, address) => {
  expect(addressed('registry', 'eu-north-1', endpoint)).toEqual(address);
});

test.each([
  ['a b+c=d', 'a%20b%2Bc%3Dd'],
  ['100%', '100%25'],
  ["it's (1)!*", 'it%27s%20%281%29%21%2A'],
  ['æ/模型/😀', '%C3%A6/%E6%A8%A1%E5%9E%8B/%F0%9F%98%80'],
  ['q?x#y&z', 'q%3Fx%23y%26z'],
  ['a%2Fb', 'a%252Fb'],
  ['-_.~', '-_.~'],
])('encodes %j as S3 signs it', (key, path) => {
  expect(s3Addresses('b', { region: 'eu-north-1', endpoint: undefined })(key).path).toBe(`/${path}`);
});
