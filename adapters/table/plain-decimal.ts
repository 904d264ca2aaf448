const [MINUS, POINT, ZERO, NINE] = [0x2d, 0x2e, 0x30, 0x39];

/** So many digits are exact in a double, and so are these powers of ten: their quotient is rounded once, as it should be. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, k) => 10 ** k);

/**
 * The number that bytes spell as digits with a point or none, which most cells are; NaN for anything else, which is to be
 * read as text. Clinger, "How to read floating point numbers accurately", PLDI 1990: the fast case.
 */
export function plainDecimal(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at += 1;
  if (end - at > MOST_DIGITS + 1 || at === end) return Number.NaN;
  let [mantissa, digits, point] = [0, 0, -1];
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      digits += 1;
    } else if (byte === POINT && point === -1 && digits > 0) point = digits;
    else return Number.NaN;
  }
  // Nothing but digits would follow a point in JSON; the slow way decides on the rest.
  if (digits === 0 || digits > MOST_DIGITS || point === digits) return Number.NaN;
  const value = point === -1 ? mantissa : mantissa / (POWERS[digits - point] as number);
  return isNegative ? -value : value;
}
