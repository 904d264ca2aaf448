const ALIGNMENT = 64;
/** The module keeps constants of its own at the beginning of each memory. */
export const RESERVED = 1024;

/** Places for arrays in one memory, given how many bytes each takes, and how many all of them take together. */
export function regions<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
): { readonly at: Readonly<Record<Name, number>>; readonly bytes: number } {
  let bytes = RESERVED;
  const at = Object.fromEntries(
    Object.entries<number>(sizes).map(([name, size]) => {
      const start = bytes;
      bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
      return [name, start];
    }),
  );
  return { at: at as Record<Name, number>, bytes };
}
