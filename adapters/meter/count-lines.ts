import type { CountLine } from '../../models/watch/counts.ts';
import type { Counter } from './counter.ts';
import { COUNTS_MARK } from './logged.ts';

export interface CountLinesOptions {
  /** One line to the function's log. Not through `console`, whose lines Lambda's JSON format wraps. */
  readonly write: (line: string) => void;
  readonly now: () => number;
  readonly everyMs?: number;
}

export interface CountLines {
  /** At the start of a request: nothing runs after a Lambda's answer, so that a minute ends with the first one after it. */
  begin(): void;
  /** Before a sandbox ends. */
  flush(): void;
}

/** Writes what a counter holds to the log: a line a version and minute of this sandbox. */
export function countLines(counter: Counter, { write, now, everyMs = 60_000 }: CountLinesOptions): CountLines {
  let since = now();
  const flush = (): void => {
    since = now();
    for (const line of counter.take()) write(`${JSON.stringify(marked(line))}\n`);
  };
  return {
    begin() {
      if (now() - since >= everyMs) flush();
    },
    flush,
  };
}

const marked = (line: CountLine) => ({ modeldrop: COUNTS_MARK, ...line });
