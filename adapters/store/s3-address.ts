import type { AwsSession } from './aws-session.ts';

/** Where S3 keeps one object. */
export interface S3Address {
  readonly hostname: string;
  /** Empty for the protocol's own. */
  readonly port: string;
  /** Percent-encoded as S3 signs it. */
  readonly path: string;
}

/** DNS suffixes of the partitions that have one of their own, by the beginning of their regions' names. */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
];

/**
 * Addresses objects of a bucket: by the host's name on AWS, by the path on a stand-in, whose host has no subdomains,
 * and for a bucket with a dot in its name, which AWS's certificate does not cover.
 */
export function s3Addresses(bucket: string, { region, endpoint }: Pick<AwsSession, 'region' | 'endpoint'>) {
  const byPath = endpoint !== undefined || bucket.includes('.');
  const { hostname, port, pathname } = new URL(endpoint ?? `https://s3.${region}.${suffixOf(region)}`);
  const base = pathname.replace(/\/$/, '');
  return (key: string): S3Address => ({
    hostname: byPath ? hostname : `${bucket}.${hostname}`,
    port,
    path: `${base}${byPath ? `/${bucket}` : ''}/${encodeKey(key)}`,
  });
}

export const suffixOf = (region: string): string =>
  SUFFIXES.find(([beginning]) => region.startsWith(beginning))?.[1] ?? 'amazonaws.com';

/** All but RFC 3986's unreserved characters and the slash, which is how S3 encodes the path that it signs. */
const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
