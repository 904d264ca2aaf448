/** Where everything lies in the registry. Blobs and manifests are only ever created; the rest is replaced by match. */
export const layout = {
  blob: (sha256: string): string => `blobs/${sha256}`,
  /** What an endpoint's Triton loads: the model's whole repository. */
  triton: (sha256: string): string => `triton/${sha256}.tar.gz`,
  tritons: 'triton/',
  versions: (model: string): string => `models/${model}/`,
  manifest: (model: string, version: number): string => `models/${model}/${version}/manifest.json`,
  channels: 'channels/',
  channel: (model: string): string => `channels/${model}.json`,
  keys: (idPrefix = ''): string => `keys/${idPrefix}`,
  key: (sha256: string): string => `keys/${sha256}.json`,
  drops: (model: string): string => `drops/${model}/`,
  drop: (model: string, id: string): string => `drops/${model}/${id}.json`,
  counts: (model: string): string => `watch/counts/${model}.json`,
  /** Up to when the log of the predictions was read. */
  logMark: 'watch/log.json',
  jobs: 'jobs/predictions/',
  job: (id: string): string => `jobs/predictions/${id}/job.json`,
  jobRequest: (id: string, digest: string): string => `jobs/predictions/${id}/request-${digest}`,
  jobResult: (id: string, take: number): string => `jobs/predictions/${id}/result-${take}`,
  /** What a network that is trained elsewhere learns from, by the name of its training. */
  networkTasks: 'jobs/network-tasks',
  networkTask: (name: string, file = ''): string => `jobs/network-tasks/${name}/${file}`,
  /** What was learned there, and by which name: SageMaker adds the rest of the path. */
  networks: 'jobs/networks',
  network: (name: string): string => `jobs/networks/${name}/output/model.tar.gz`,
  trainingJob: (id: string): string => `jobs/training/${id}.json`,
} as const;

/** The SHA-256 of the archive at a path; undefined at any other. */
export const archiveAt = (path: string): string | undefined => /^triton\/([0-9a-f]{64})\.tar\.gz$/.exec(path)?.[1];

/** The `{name}` in a listed `folder/{name}.json`. */
export const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '');
