/** A resource as CloudFormation is told of it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A synthesized template. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** A resource that breaks a rule, and how. */
export interface Finding {
  readonly resource: string;
  readonly found: string;
}

/** What every template must keep. */
export interface Rule {
  readonly name: string;
  /** What must hold, and why. */
  readonly description: string;
  /** `region`: where the template says that it goes, if it does. */
  readonly check: (template: Template, region?: string) => readonly Finding[];
}

/** The resources of a type, by logical id. */
export const resourcesOf = (template: Template, type: string): [string, Record<string, unknown>][] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => [id, Properties]);

export const asArray = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** A value of a template in one line, its references as `<Name>`. */
export function worded(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = ['', undefined]] = Object.entries(value);
  if (intrinsic === 'Ref') return `<${argument}>`;
  if (intrinsic === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (intrinsic === 'Fn::ImportValue') return `<${worded(argument)}>`;
  if (intrinsic === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(worded).join(separator);
  }
  return JSON.stringify(value);
}

/** The tag that says which verb a resource belongs to. */
export function tagOf({ Tags }: Record<string, unknown>, key: string): string | undefined {
  return asArray(Tags as readonly { Key: string; Value: string }[] | undefined).find((tag) => tag.Key === key)?.Value;
}
