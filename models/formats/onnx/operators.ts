import { ModelFileRefused } from '../../errors.ts';
import type { OnnxFile } from './decode.ts';
import { nodesOf } from './walk.ts';

/** What ONNX Runtime 1.30 reads. */
const NEWEST_IR = 13n;
const NEWEST: ReadonlyMap<string, bigint> = new Map([
  ['', 26n],
  ['ai.onnx.ml', 5n],
]);
/** Its own operators; it checks their versions itself. */
const CONTRIBUTED = 'com.microsoft';

/** The domain of a node or opset; `ai.onnx` is the long name of the nameless one. */
export const domainOf = ({ domain }: { readonly domain: string }): string => (domain === 'ai.onnx' ? '' : domain);

/** What a model is made of. */
export interface Operators {
  /** How often each operator stands in it, by `domain.Name`, bare for ONNX's own. */
  readonly operators: Record<string, number>;
  readonly opsets: Record<string, number>;
}

/** @throws ModelFileRefused for operators that ONNX Runtime does not have */
export function operatorsOf(model: OnnxFile, file: string): Operators {
  if (model.irVersion > NEWEST_IR) throw tooNew(`${file}.ir_version`, NEWEST_IR, model.irVersion);
  const imports = [model, ...model.functions].flatMap(({ opsetImport }) => opsetImport);
  for (const { domain, version } of imports) {
    const newest = NEWEST.get(domainOf({ domain }));
    if (newest !== undefined && version > newest) {
      throw tooNew(`${file}.opset_import of ${domain || 'ai.onnx'}`, newest, version);
    }
  }
  const defined = new Set(model.functions.map((known) => `${domainOf(known)}.${known.name}`));
  const counts = new Map<string, number>();
  for (const { where, part } of nodesOf(model)) {
    const domain = domainOf(part);
    const known = NEWEST.has(domain) || domain === CONTRIBUTED || defined.has(`${domain}.${part.opType}`);
    if (!known) throw unknown(`${file}.${where}`, domain, part.opType);
    const name = domain === '' ? part.opType : `${domain}.${part.opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    operators: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    opsets: Object.fromEntries(model.opsetImport.map((opset) => [domainOf(opset) || 'ai.onnx', Number(opset.version)])),
  };
}

const tooNew = (where: string, newest: bigint, found: bigint): ModelFileRefused =>
  new ModelFileRefused({
    where,
    rule: `must be at most ${newest}, the newest that is served; export again with an older opset`,
    found,
  });

const unknown = (where: string, domain: string, operator: string): ModelFileRefused =>
  new ModelFileRefused({
    where,
    rule: 'must use operators of ai.onnx, ai.onnx.ml or com.microsoft, or functions that the model defines: custom operators are code, which is not loaded',
    found: `${domain}.${operator}`,
  });
