import type { DropPorts } from '../../functions/deploy/drop.ts';

/** For tests in which no table is dropped. */
export const noTraining: DropPorts['train'] = () => Promise.reject(new Error('no table is dropped here'));
