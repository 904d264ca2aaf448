import type { APIGatewayProxyEventHeaders } from 'aws-lambda';

/** Header values by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** The gateway keeps the sender's spelling; names are case-insensitive. */
export function lowerCased(headers: APIGatewayProxyEventHeaders | null): Headers {
  const lower: Record<string, string | undefined> = Object.create(null);
  for (const name in headers) lower[name.toLowerCase()] = headers[name];
  return lower;
}
