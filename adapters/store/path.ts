const LONGEST_PATH = 1024;
const LONGEST_SEGMENT = 255;

/**
 * Guards the paths of every Store: slash-separated segments that a folder and a bucket can both hold.
 * A path outside the rule is a mistake of the program, not of its caller.
 *
 * @throws RangeError that states the rule and the path found.
 */
export function checkPath(path: string): void {
  if (!path.isWellFormed()) throw broken(path, 'must be well-formed Unicode');
  if (Buffer.byteLength(path) > LONGEST_PATH) throw broken(path, `must take at most ${LONGEST_PATH} bytes`);
  for (const segment of path.split('/')) checkSegment(segment, path);
}

/** Whether a store may hold this path. */
export function isPath(path: string): boolean {
  try {
    checkPath(path);
    return true;
  } catch {
    return false;
  }
}

/** Guards a prefix: its folders are whole segments, what follows the last slash is the beginning of a name. */
export function checkPrefix(prefix: string): void {
  const folder = folderOf(prefix);
  if (folder !== '') checkPath(folder);
}

/** The part of a path before its last slash; empty where it has none. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function checkSegment(segment: string, path: string): void {
  if (segment === '') throw broken(path, 'must not have an empty segment');
  if (segment.startsWith('.')) throw broken(path, 'must not have a segment that starts with a dot');
  if (segment.includes('\0')) throw broken(path, 'must not hold NUL');
  if (Buffer.byteLength(segment) > LONGEST_SEGMENT) {
    throw broken(path, `must have segments of at most ${LONGEST_SEGMENT} bytes`);
  }
}

const broken = (path: string, rule: string): RangeError =>
  new RangeError(`a store's path ${rule}, got ${JSON.stringify(path.slice(0, 80))}`);
