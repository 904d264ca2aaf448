const [SECOND, MINUTE] = [1_000, 60_000];

/** Milliseconds in the unit that a person would choose, to three digits. */
export function timeWords(ms: number): string {
  if (ms < 10 * SECOND) return `${rounded(ms)} ms`;
  return ms < 2 * MINUTE ? `${rounded(ms / SECOND)} s` : `${rounded(ms / MINUTE)} min`;
}

const rounded = (value: number): number => Number(value.toPrecision(3));
