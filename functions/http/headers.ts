import type { APIGatewayProxyEventHeaders, APIGatewayProxyEventMultiValueHeaders } from 'aws-lambda';

/** Header values by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** The two forms in which a gateway hands over headers; either may be missing. */
interface Sent {
  readonly headers?: APIGatewayProxyEventHeaders | null;
  readonly multiValueHeaders?: APIGatewayProxyEventMultiValueHeaders | null;
}

/** The gateway keeps the sender's spelling; names are case-insensitive. Of a name sent twice the last counts. */
export function headersOf({ headers, multiValueHeaders }: Sent): Headers {
  const lower: Record<string, string | undefined> = Object.create(null);
  for (const name in multiValueHeaders) lower[name.toLowerCase()] = multiValueHeaders[name]?.at(-1);
  for (const name in headers) lower[name.toLowerCase()] = headers[name];
  return lower;
}
