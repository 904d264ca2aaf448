/** A set of small integers, 32 a word, as LightGBM writes the categories of a split. */
export class Bitset {
  private readonly words: Uint32Array;

  constructor(words: Uint32Array) {
    this.words = words;
  }

  has(member: number): boolean {
    const word = this.words[Math.floor(member / 32)];
    return word !== undefined && ((word >>> (member % 32)) & 1) === 1;
  }
}
