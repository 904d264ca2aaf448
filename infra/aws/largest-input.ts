import { MAX_INPUT_BYTES } from '../../functions/http/limits.ts';

const MEGABYTE = 1024 * 1024;
/** Of the function's memory: its code, and the runtime's own. */
const RESERVED_MEGABYTES = 256;
/** A request is held as it came, and once more as the endpoint is asked; while it is read and sent, in part a third time. */
const COPIES = 3;

/** Bytes of a request that a jobs function of so many megabytes can hand to an asynchronous endpoint. */
export const largestInput = (megabytes: number): number =>
  Math.min(MAX_INPUT_BYTES, Math.max(0, Math.floor(((megabytes - RESERVED_MEGABYTES) / COPIES) * MEGABYTE)));
