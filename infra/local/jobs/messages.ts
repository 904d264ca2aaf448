import type { HasEndpoint, WantsEndpoint } from '../platform-endpoint.ts';

/** What the platform sends to its job process: a job to work on, or where its endpoint is. */
export type ToJobs = { readonly job: string } | HasEndpoint;

/** What comes back: whether the job is at its end, or that the endpoint is wanted. */
export type FromJobs =
  | { readonly done: boolean /** Whether an endpoint works on it. */; readonly asked: boolean }
  | WantsEndpoint;
