import { ModelFileRefused } from '../errors.ts';

/** @throws ModelFileRefused where two names are the same text: `1` and `"1"` are */
export function distinct<T>(names: readonly T[], where: string): readonly T[] {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(String(name))) {
      throw new ModelFileRefused({ where: `${where}[${index}]`, rule: 'must not repeat a name', found: name });
    }
    seen.add(String(name));
  }
  return names;
}
