/** S3 has answered, but not with the object. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  readonly status: number;
  /** S3's own word for it; empty where it gave none. */
  readonly code: string;
  constructor(status: number, code: string) {
    super(`S3 answered ${status} ${code}`.trimEnd());
    this.status = status;
    this.code = code;
  }
}

/** What S3 says of a refusal, by the body of its answer. */
export const refusalOf = (status: number, xml: Uint8Array): S3Refusal =>
  new S3Refusal(status, /<Code>(\w+)<\/Code>/.exec(new TextDecoder().decode(xml))?.[1] ?? '');

/** There is no such object. A bucket that is not there is no such answer, but a failure. */
export const isNoSuchKey = (error: unknown): boolean =>
  error instanceof S3Refusal && error.status === 404 && error.code === 'NoSuchKey';

/** S3 asks for fewer questions. */
export const isThrottling = (error: unknown): boolean =>
  error instanceof S3Refusal && (error.status === 429 || error.status === 503);

/** Whether to ask again may help. What did not come from S3 is a fault of the way to it. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof S3Refusal) || error.status >= 500 || error.status === 429 || error.code === 'RequestTimeout';
