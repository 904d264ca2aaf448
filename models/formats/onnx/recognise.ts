const VARINT = 0;
const LENGTH_DELIMITED = 2;
const GRAPH = 7;

/** Number and wire type of every field of a ModelProto. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const FIELDS: ReadonlyMap<number, number> = new Map([
  [1, VARINT],
  [5, VARINT],
  ...[2, 3, 4, 6, GRAPH, 8, 14, 20, 25, 26].map((field) => [field, LENGTH_DELIMITED] as const),
]);

const MOST_FIELDS = 10_000;

/** Whether these are the fields of an ONNX model up to its graph, which may be cut off. */
export function recognises(bytes: Uint8Array): boolean {
  let at = 0;
  for (let count = 0; count < MOST_FIELDS; count++) {
    const tag = varint(bytes, at);
    if (tag === undefined || FIELDS.get(tag.value >>> 3) !== (tag.value & 7)) return false;
    const next = varint(bytes, tag.end);
    if (next === undefined) return false;
    if (tag.value >>> 3 === GRAPH) return true;
    at = (tag.value & 7) === VARINT ? next.end : next.end + next.value;
  }
  return false;
}

const MOST_SHIFT = 28;

/** A number in protobuf's base 128, least significant first. Undefined past the end, and for what no tag or length is. */
function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = at, shift = 0; shift <= MOST_SHIFT; i++, shift += 7) {
    const byte = bytes[i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: i + 1 };
  }
  return undefined;
}
