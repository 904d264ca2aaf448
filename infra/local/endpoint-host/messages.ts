/** What a process of the endpoint does: it listens, or does what was asked asynchronously. */
export type EndpointRole = 'listens' | 'runs';

/** What the one that listens says: where, and that there is something for the other one. */
export type FromHost = { readonly url: string } | { readonly queued: true };
