import type { Terminal } from './terminal.ts';

/** One line on stderr that says what is going on, while a person watches. */
export interface Progress {
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

const CLEAR = '\r\u001b[K';

export function progressOn({ stderr }: Terminal): Progress {
  if (!stderr.isTTY) return { say() {}, end() {} };
  return {
    say: (text) => void stderr.write(`${CLEAR}${text}`),
    end: () => void stderr.write(CLEAR),
  };
}
