import type { Call } from './call.ts';

/** The Content-Type without its parameters, in lower case; empty where there is none. */
export const mediaType = ({ headers }: Call): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
