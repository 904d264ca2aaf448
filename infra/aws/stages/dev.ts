import type { Stage } from '../stages.ts';

/** For trying out: cheap, and gone without a trace when it is destroyed. */
export const dev: Stage = {
  name: 'dev',
  tenants: { default: { rate: 50, burst: 100 } },
  encryption: 's3',
  retainData: false,
  logRetentionDays: 7,
  throttling: { rate: 100, burst: 200 },
  memory: {
    authorize: 512,
    predict: 1024,
    catalog: 512,
    control: 512,
    jobs: 1024,
    deploy: 1024,
    verify: 1769,
    train: 3008,
    watch: 512,
  },
};
