import { type Static, type TObject, Type } from 'typebox';
import { excerpt } from '../../models/errors.ts';
import { checker } from '../../models/schema.ts';

const Bucket = Type.String({ minLength: 3, maxLength: 63 });

const base = {
  /** The version of this software. */
  MODELDROP_RELEASE: Type.String({ minLength: 1 }),
  MODELDROP_REGISTRY_BUCKET: Bucket,
};

/** What each function is told by its environment. The stacks set exactly these, and the entries read exactly these. */
export const environments = {
  predict: Type.Object(base),
  catalog: Type.Object(base),
  authorize: Type.Object({
    ...base,
    MODELDROP_METER_KEYS: Type.String({ description: 'JSON: the value of the gateway key that meters each tenant.' }),
  }),
  control: Type.Object({ ...base, MODELDROP_INBOX_BUCKET: Bucket }),
  deploy: Type.Object({
    ...base,
    MODELDROP_INBOX_BUCKET: Bucket,
    MODELDROP_VERIFY_FUNCTION: Type.String({ minLength: 1, description: 'Name of the verify function.' }),
  }),
  verify: Type.Object({ MODELDROP_RELEASE: base.MODELDROP_RELEASE }),
} as const satisfies Record<string, TObject>;

export type LambdaName = keyof typeof environments;
export type Environment<Name extends LambdaName> = Static<(typeof environments)[Name]>;

/** @throws Error that names the variable: a function with a wrong environment must not start */
export function readEnvironment<Name extends LambdaName>(name: Name, env: NodeJS.ProcessEnv): Environment<Name> {
  const verdict = checker(environments[name])(env, name);
  if (verdict.ok) return verdict.value as Environment<Name>;
  const { where, rule, found } = verdict.breach;
  throw new Error(`environment of ${where}: ${rule}, got ${excerpt(found)}`);
}
