/** How far one turn of the event loop has come. */
export interface Turn {
  /** Requests that it has taken so far. */
  readonly requests: number;
  readonly ms: number;
}

/**
 * Counts requests by turns of the event loop. All that lie ready when a turn begins are taken one after the other, so that
 * the last of them has waited for all before it, where no count of requests at work could tell.
 */
export function turns(now: () => number): () => Turn {
  let requests = 0;
  let since = 0;
  return () => {
    if (requests === 0) {
      since = now();
      // Once every socket that was ready has been read.
      setImmediate(() => {
        requests = 0;
      });
    }
    requests += 1;
    return { requests, ms: now() - since };
  };
}
