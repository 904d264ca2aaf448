import { stat } from 'node:fs/promises';

/** A file as it was when something was made of it. */
export interface Source {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** These files as they are now. @throws Error where one is not there */
export const sourcesAt = (paths: readonly string[]): Promise<Source[]> =>
  Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return { path, bytes: size, changedAt: mtimeMs };
    }),
  );

/** Whether all of them are as they were: told without reading them. */
export async function areAsTheyWere(sources: readonly Source[]): Promise<boolean> {
  const now = await sourcesAt(sources.map(({ path }) => path)).catch(() => []);
  return sources.length > 0 && sources.every((was, i) => isSame(was, now[i]));
}

const isSame = (was: Source, now: Source | undefined): boolean =>
  was.bytes === now?.bytes && was.changedAt === now.changedAt;
