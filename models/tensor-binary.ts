import { arrays, type Datatype, type Elements, elementSize, type Fixed, isFixed } from './datatype.ts';
import { MalformedRequest } from './errors.ts';
import { elementCount, type Tensor } from './tensor.ts';

/**
 * Reads one tensor of the Open Inference binary extension: little-endian elements, row-major;
 * BYTES elements are a uint32 length and that many bytes.
 * @throws MalformedRequest where the bytes do not fill the shape exactly
 */
export function tensorFromBytes(
  where: string,
  datatype: Datatype,
  shape: readonly number[],
  bytes: Uint8Array,
): Tensor {
  const count = elementCount(shape);
  if (!isFixed(datatype)) return { datatype, shape, data: readStrings(where, count, bytes) };
  const expected = count * arrays[datatype].BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw new MalformedRequest({
      where,
      rule: `must bring ${expected} bytes for ${datatype} of shape [${shape}]`,
      found: bytes.length,
    });
  }
  if (datatype === 'BOOL' && bytes.some((byte) => byte > 1)) {
    throw new MalformedRequest({ where, rule: 'must bring BOOL bytes of 0 or 1', found: bytes.find((b) => b > 1) });
  }
  return unread(datatype, shape, bytes);
}

/** Tensors whose elements nobody has looked at, with their bytes where they came in. */
const unreadBytes = new WeakMap<Tensor, Uint8Array>();

/** A tensor that becomes elements when they are asked for: one that is only passed on is never copied. */
function unread(datatype: Fixed, shape: readonly number[], bytes: Uint8Array): Tensor {
  let elements: Elements[Fixed] | undefined;
  const tensor = {
    datatype,
    shape,
    get data() {
      if (elements === undefined) {
        unreadBytes.delete(tensor);
        // Typed arrays need alignment, which a tensor in the middle of a body does not have. No slice: Node's Buffer, which
        // is a Uint8Array too, answers a view of its pool, with whatever else is in it.
        elements = new arrays[datatype](new Uint8Array(bytes).buffer);
      }
      return elements;
    },
  } as Tensor;
  unreadBytes.set(tensor, bytes);
  return tensor;
}

/** Whether a tensor is still the bytes that came in: its length fits its shape, and no value was looked at. */
export const isUnread = (tensor: Tensor): boolean => unreadBytes.has(tensor);

/** The bytes of a tensor in the binary extension. */
export function tensorToBytes(tensor: Tensor): Uint8Array {
  const bytes = unreadBytes.get(tensor);
  if (bytes !== undefined) return bytes;
  const { datatype, data } = tensor;
  if (datatype !== 'BYTES') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array(data.reduce((total, element) => total + 4 + element.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const element of data) {
    view.setUint32(at, element.length, true);
    out.set(element, at + 4);
    at += 4 + element.length;
  }
  return out;
}

/**
 * The shape of the one input that fills a whole body: its variable dimension follows from the length.
 * @throws MalformedRequest where no whole number of elements fits, or more than one dimension is variable
 */
export function shapeFromLength(where: string, datatype: Datatype, shape: readonly number[], length: number): number[] {
  const size = elementSize(datatype);
  if (size === undefined) return shape.map((dimension) => (dimension === -1 ? 1 : dimension));
  const open = shape.filter((dimension) => dimension === -1).length;
  const fixed = size * elementCount(shape.filter((dimension) => dimension !== -1));
  if (open > 1 || (open === 1 && length % fixed !== 0)) {
    throw new MalformedRequest({
      where,
      rule: `must be a multiple of ${fixed} bytes for shape [${shape}]`,
      found: length,
    });
  }
  return shape.map((dimension) => (dimension === -1 ? length / fixed : dimension));
}

function readStrings(where: string, count: number, bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length && elements.length < count) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > bytes.length) {
      throw new MalformedRequest({
        where,
        rule: `must bring element ${elements.length} whole`,
        found: bytes.length - at,
      });
    }
    elements.push(new Uint8Array(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  if (elements.length !== count || at !== bytes.length) {
    throw new MalformedRequest({ where, rule: `must bring exactly ${count} BYTES elements`, found: elements.length });
  }
  return elements;
}
