/** Looks at a file's bytes without reading it: cheap, and never throws. */
export type Peek = (bytes: Uint8Array) => boolean;

/** Whether these bytes, or the letters of these texts, stand at a place. */
export const has =
  (at: number, ...signature: readonly (number | string)[]): Peek =>
  (bytes) =>
    signature
      .flatMap((part) => (typeof part === 'number' ? [part] : Array.from(part, (letter) => letter.charCodeAt(0))))
      .every((byte, index) => bytes[at + index] === byte);

export const either =
  (...peeks: readonly Peek[]): Peek =>
  (bytes) =>
    peeks.some((peek) => peek(bytes));

export const both =
  (...peeks: readonly Peek[]): Peek =>
  (bytes) =>
    peeks.every((peek) => peek(bytes));

const START = 4096;

/** Whether the start of the file, read as text, looks like this. */
export const looksLike =
  (pattern: RegExp): Peek =>
  (bytes) =>
    pattern.test(latin1(bytes.subarray(0, START)));

const ZIP_EDGE = 65_536;

/** Whether a zip archive names such a file, at its start or in the directory at its end. */
export const zipWith = (name: RegExp): Peek =>
  both(has(0, 'PK', 3, 4), (bytes) => {
    const edges = [bytes.subarray(0, ZIP_EDGE), bytes.subarray(Math.max(0, bytes.length - ZIP_EDGE))];
    return edges.some((edge) => name.test(latin1(edge)));
  });

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
