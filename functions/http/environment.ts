const base = ['MODELDROP_RELEASE', 'MODELDROP_REGISTRY_BUCKET'] as const;

/** What each function is told by its environment. The stacks set exactly these, and the entries read exactly these. */
export const environments = {
  predict: base,
  catalog: base,
  /** METER_KEYS is JSON: the value of the gateway key that meters each tenant. */
  authorize: [...base, 'MODELDROP_METER_KEYS'],
  control: [...base, 'MODELDROP_INBOX_BUCKET', 'MODELDROP_JOBS_FUNCTION'],
  jobs: base,
  deploy: [...base, 'MODELDROP_INBOX_BUCKET', 'MODELDROP_VERIFY_FUNCTION', 'MODELDROP_TRAIN_FUNCTION'],
  verify: ['MODELDROP_RELEASE'],
  train: [...base, 'MODELDROP_INBOX_BUCKET'],
  watch: [...base, 'MODELDROP_PREDICT_LOG', 'MODELDROP_JOBS_LOG', 'MODELDROP_MINUTES_RULE'],
} as const satisfies Record<string, readonly string[]>;

/** What a function may be told besides: where it is absent, the stage has none. */
export const optional: Partial<Record<keyof typeof environments, readonly string[]>> = {
  control: ['MODELDROP_LARGEST_INPUT'],
  predict: ['MODELDROP_ENDPOINT'],
  jobs: ['MODELDROP_ENDPOINT', 'MODELDROP_ASYNC_STAGE', 'MODELDROP_ASYNC_BUCKET'],
  deploy: ['MODELDROP_ENDPOINT', 'MODELDROP_ASYNC_SITE'],
  train: ['MODELDROP_TRAINING'],
};

export type LambdaName = keyof typeof environments;
export type Environment<Name extends LambdaName> = Readonly<Record<(typeof environments)[Name][number], string>>;

/** @throws Error that names the variable: a function that was told too little must not start */
export function readEnvironment<Name extends LambdaName>(name: Name, env: NodeJS.ProcessEnv): Environment<Name> {
  const missing = environments[name].find((variable) => !env[variable]);
  if (missing !== undefined) throw new Error(`${name} needs the environment variable ${missing}, and it is not set`);
  return env as Environment<Name>;
}
