/** Facts of a failure: what was wrong, where, and what would be right. They travel typed and are worded once. */
export type Facts = Readonly<Record<string, unknown>>;

/** The root of every failure that a caller may see. `status` is the HTTP status that it maps to. */
export abstract class ModeldropError extends Error {
  abstract readonly status: number;
  /** Written out in every class: the class's own is lost when a bundle is minified, and logs need it. */
  abstract override readonly name: string;
  readonly facts: Facts;

  constructor(message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(message, options);
    this.facts = facts;
  }
}

/** A place in a document, the rule that it breaks, and the value found there. */
export interface Breach {
  readonly where: string;
  readonly rule: string;
  readonly found?: unknown;
}

const worded = ({ where, rule, ...rest }: Breach): string =>
  `${where} ${rule}${'found' in rest ? `, got ${excerpt(rest.found)}` : ''}`;

/** The request is not of the protocol's form: JSON, types, shape against data. */
export class MalformedRequest extends ModeldropError {
  override readonly name = 'MalformedRequest';
  readonly status = 400;
  constructor(breach: Breach, options?: ErrorOptions) {
    super(worded(breach), { ...breach }, options);
  }
}

/** The request is well formed, but not for this model. */
export class UnfitInput extends ModeldropError {
  override readonly name = 'UnfitInput';
  readonly status = 422;
  constructor(breach: Breach) {
    super(worded(breach), { ...breach });
  }
}

/** A model file, companion or manifest that cannot be taken. `where` names file and place in it. */
export class ModelFileRefused extends ModeldropError {
  override readonly name = 'ModelFileRefused';
  readonly status = 422;
  constructor(breach: Breach, options?: ErrorOptions) {
    super(worded(breach), { ...breach }, options);
  }
}

export class ModelNotFound extends ModeldropError {
  override readonly name = 'ModelNotFound';
  readonly status = 404;
  constructor(model: string) {
    super(`model ${excerpt(model)} does not exist; GET /v1/models lists the models of your key`, { model });
  }
}

export class VersionNotFound extends ModeldropError {
  override readonly name = 'VersionNotFound';
  readonly status = 404;
  constructor(model: string, version: string) {
    super(`model ${excerpt(model)} has no version ${excerpt(version)}; GET /v1/models/${model}/versions lists them`, {
      model,
      version,
    });
  }
}

/** A release, rollback or deletion that its model's present state does not allow. */
export class ReleaseRefused extends ModeldropError {
  override readonly name = 'ReleaseRefused';
  readonly status = 409;
  constructor(model: string, why: string) {
    super(`model ${excerpt(model)}: ${why}`, { model, why });
  }
}

const EXCERPT_LENGTH = 80;

/** A short, printable form of any value, safe to put into an error: bounded in length and depth. */
export function excerpt(value: unknown): string {
  const text = describe(value);
  return text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH - 1)}…`;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, EXCERPT_LENGTH));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value !== null && typeof value === 'object') return 'an object';
  return Object.is(value, -0) ? '-0' : String(value);
}
