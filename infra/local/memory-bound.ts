import { totalmem } from 'node:os';

export const MEGABYTE = 2 ** 20;
/** What a process that proves or runs models may write to beside them: more than a gigabyte is Node's own before it has read anything. */
const BESIDE_MB = 2_500;
/** How often a model lies in memory, at most, while it is read, understood, written anew and opened; and what its runs take. */
const TIMES = 8;
const SHARE = 0.75;

/**
 * Megabytes of data for a process that handles models of so many bytes in all: more for larger ones, and never so much that
 * one of them takes the whole machine.
 */
export const boundFor = (bytes: number, besideMb = BESIDE_MB, machineMb = machineMegabytes()): number =>
  Math.max(besideMb, Math.min(besideMb + Math.ceil((TIMES * bytes) / MEGABYTE), Math.floor(SHARE * machineMb)));

/** The memory that there is, or that a container leaves us. */
export const machineMegabytes = (): number =>
  Math.floor(Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / MEGABYTE);
