import { ASYNC_ANSWERS, ASYNC_INPUTS, askedPath } from '../../adapters/registry/async-layout.ts';
import { layout } from '../../adapters/registry/layout.ts';
import { inboxKey } from '../../functions/http/inbox.ts';

const under = (path: string): string => `${path.slice(0, path.indexOf('/'))}/*`;

/** What lies where in the registry, as policies name it. */
export const registryKeys = {
  blobs: under(layout.blob('')),
  manifests: under(layout.versions('')),
  channels: under(layout.channels),
  keys: under(layout.keys()),
  drops: under(layout.drops('')),
  /** What was counted of models. */
  watch: under(layout.counts('')),
  /** Predictions that nobody waits for: each job, its request, its result. */
  jobs: `${layout.jobs}*`,
  trainingJobs: layout.trainingJob('*'),
  /** What networks are trained on elsewhere, and what was learned there. */
  networkTasks: `${layout.networkTasks}/*`,
  networks: `${layout.networks}/*`,
  /** Tarballs for the multi-model endpoint. */
  triton: 'triton/*',
} as const;

/** What lies where in the inbox. */
export const inboxKeys = {
  drops: under(inboxKey('', '')),
  reports: `${under(inboxKey('', ''))}.report.json`,
  refused: 'refused/*',
} as const;

/** What lies where in the bucket of asynchronous calls. */
export const asyncKeys = {
  inputs: under(ASYNC_INPUTS),
  answers: `${ASYNC_ANSWERS}/*`,
  /** Which job each answer is of. */
  asked: under(askedPath('')),
} as const;
