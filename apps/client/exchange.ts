import { unreachable } from './unreachable.ts';

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly requestId: string | undefined;
}

/** One request and its whole answer, whatever its status. @throws Unreachable, or the reason of an aborted signal */
export async function exchange(url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, init);
    const requestId = response.headers.get('x-request-id') ?? undefined;
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, text: new TextDecoder().decode(bytes), bytes, requestId };
  } catch (error) {
    throw unreachable(url, error);
  }
}
