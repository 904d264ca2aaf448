/** What the platform sends to its job process: a job to work on, or where its endpoint is; empty where it does not start. */
export type ToJobs = { readonly job: string } | { readonly endpoint: string };

/** What comes back: whether the job is at its end, or that the endpoint is wanted. */
export type FromJobs =
  | { readonly done: boolean /** Whether an endpoint works on it. */; readonly asked: boolean }
  | { readonly wants: 'endpoint' };
