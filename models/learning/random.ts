/** Draws that a seed determines. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer from 0 up to, not with, `below`. */
  integer(below: number): number;
}

/** sfc32, seeded through splitmix32: Doty-Humphrey, PractRand; passes its tests to 2^40 bytes and more. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const split = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
  let [a, b, c, counter] = [split(), split(), split(), 1];
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const next = (): number => word() / 2 ** 32;
  return { next, integer: (below) => Math.floor(next() * below) };
}

/** A shuffled copy. Durstenfeld, "Algorithm 235: random permutation", CACM 7, 1964. */
export function shuffled(indices: Int32Array, random: Random): Int32Array {
  const copy = indices.slice();
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [copy[i], copy[j]] = [copy[j] as number, copy[i] as number];
  }
  return copy;
}
