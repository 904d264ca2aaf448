import { isFloat } from '../../datatype.ts';
import { ModelFileRefused } from '../../errors.ts';
import { type Labels, parseLabels } from '../../labels.ts';
import type { Roles } from '../../onnx.ts';
import type { Signature, TensorSpec } from '../../signature.ts';
import { distinct } from '../distinct.ts';
import type { Declaration } from '../format.ts';
import { attributeOf } from './attributes.ts';
import type { OnnxFile } from './decode.ts';
import { isColumn } from './layout.ts';
import type { NodeProto } from './onnx_pb.js';
import { domainOf } from './operators.ts';
import { classLabels } from './zip-map.ts';

/** What a classifier's outputs mean. */
export interface Meaning {
  readonly roles: Roles;
  /** One a column of the probabilities, where they are known. */
  readonly labels?: Labels;
}

/**
 * A classifier answers a label and, beside it, probabilities. What the drop says of it goes first.
 * @param stated labels that the file states, as `statedLabels` found them before the file was changed
 * @throws ModelFileRefused where the drop names an output that is not there, or not of that meaning
 */
export function meaningOf(
  { graph }: OnnxFile,
  { outputs }: Signature,
  stated: readonly (string | number)[] | undefined,
  declared: Declaration,
): Meaning {
  const roles = declared.outputs
    ? declaredRoles(declared.outputs, outputs)
    : foundRoles(outputs, graph.node, stated !== undefined);
  const width = outputs.find(({ name }) => name === roles.probabilities)?.shape[1];
  const labels = labelsOf(stated, declared.labels, width);
  return { roles, ...(labels && { labels }) };
}

/** The labels of a ZipMap or of a classifier in the graph. */
export function statedLabels({ graph }: OnnxFile): readonly (string | number)[] | undefined {
  return graph.node.map(classLabels).find((labels) => labels !== undefined);
}

const isLabel = ({ datatype, shape }: TensorSpec): boolean =>
  (datatype === 'BYTES' || /^U?INT/.test(datatype)) && isColumn(shape);

const isMatrix = ({ datatype, shape }: TensorSpec): boolean =>
  isFloat(datatype) && shape.length === 2 && shape[1] !== 1;

/** An integer beside other outputs is a label only where something else speaks of classes, too. */
function foundRoles(outputs: readonly TensorSpec[], nodes: readonly NodeProto[], hasLabels: boolean): Roles {
  const labels = outputs.filter(isLabel);
  const matrices = outputs.filter((spec) => isMatrix(spec) && !isDecision(spec.name, nodes));
  const [label, probabilities] = [only(labels), only(matrices)];
  if (label === undefined || !(hasLabels || probabilities || outputs.length === 1)) return {};
  return { label: label.name, ...(probabilities && { probabilities: probabilities.name }) };
}

const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

/** An SVM without Platt's parameters answers decision values, one a pair of classes. */
const isDecision = (output: string, nodes: readonly NodeProto[]): boolean =>
  nodes.some(
    (node) =>
      node.opType === 'SVMClassifier' &&
      domainOf(node) === 'ai.onnx.ml' &&
      node.output[1] === output &&
      (attributeOf(node, 'prob_a')?.floats.length ?? 0) === 0,
  );

function declaredRoles(declared: Roles, outputs: readonly TensorSpec[]): Roles {
  const rules = {
    label: { fits: isLabel, rule: 'must name an output of integers or texts, one a row' },
    probabilities: { fits: isMatrix, rule: 'must name an output of floats, one row a row and one column a label' },
  };
  for (const [role, name] of Object.entries(declared) as [keyof Roles, string][]) {
    const spec = outputs.find((output) => output.name === name);
    const { fits, rule } = rules[role];
    if (spec === undefined || !fits(spec)) {
      throw new ModelFileRefused({ where: `drop.json.outputs.${role}`, rule, found: name });
    }
  }
  return declared;
}

function labelsOf(
  stated: readonly (string | number)[] | undefined,
  declared: Declaration['labels'],
  width: number | undefined,
): Labels | undefined {
  const labels = declared ?? stated;
  if (labels === undefined || labels.length < 2) return undefined;
  const count = stated?.length ?? width ?? -1;
  if (declared !== undefined && count !== -1 && declared.length !== count) {
    const rule = `must name the ${count} labels of the model`;
    throw new ModelFileRefused({ where: 'drop.json.labels', rule, found: declared });
  }
  return parseLabels(distinct(labels, declared ? 'drop.json.labels' : 'classlabels'));
}
