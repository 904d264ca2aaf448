import { AsyncLocalStorage } from 'node:async_hooks';

/** A call that an asynchronous endpoint has taken, by the keys of what it was asked and of what comes of it. */
export interface AsyncCall {
  readonly endpoint: string;
  readonly input: string;
  readonly output: string;
  /** Where the reason lies, if there is no output. */
  readonly failure: string;
}

/**
 * One of the two turns of a prediction that takes its time: the first has the endpoint asked, and breaks off; the second is given
 * the answer, and ends.
 */
export interface AsyncTurn {
  readonly answer?: { readonly endpoint: string; readonly body: Uint8Array };
  /** Set where the endpoint was asked. */
  asked?: AsyncCall;
}

const turns = new AsyncLocalStorage<AsyncTurn>();

/** Predicts in this turn, whatever lies between. */
export const inTurn = <T>(turn: AsyncTurn, predict: () => Promise<T>): Promise<T> => turns.run(turn, predict);

/** Undefined where a caller waits. */
export const currentTurn = (): AsyncTurn | undefined => turns.getStore();
