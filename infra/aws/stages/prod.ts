import type { Stage } from '../stages.ts';
import { dev } from './dev.ts';

/** For callers who count on it: data outlives the stacks, logs stay for three months. */
export const prod: Stage = {
  ...dev,
  name: 'prod',
  tenants: { default: { rate: 500, burst: 1_000 } },
  retainData: true,
  logRetentionDays: 90,
  throttling: { rate: 1_000, burst: 2_000 },
  memory: { ...dev.memory, authorize: 1_024, predict: 1_769, jobs: 1_769 },
};
