import { type Answered, answerOf } from '../../models/compare/differences.ts';
import type { Datatype } from '../../models/datatype.ts';
import type { Types } from '../../models/features.ts';
import type { Column, Frame } from '../../models/frame.ts';
import { type Labels, parseLabels } from '../../models/labels.ts';
import { answersIn } from '../../models/learning/answers.ts';
import { featuresIn, truthIn } from '../../models/learning/assess.ts';
import { type Evaluation, metricsOf } from '../../models/learning/evaluate.ts';
import { INPUT } from '../../models/native.ts';
import type { Tensor } from '../../models/tensor.ts';
import { tensorFromJson, tensorToJson } from '../../models/tensor-json.ts';
import type { Card, InferAnswer, InferRequest } from '../client/answers.ts';
import type { Client } from '../client/client.ts';

/** One version of a model of a platform. */
export interface OneVersion {
  readonly client: Client;
  readonly model: string;
  readonly card: Card;
}

/** Few enough values that a request stays well below the platform's limit. */
const VALUES_AT_ONCE = 50_000;

/** The features that are texts, as the signature tells. */
export const typesIn = ({ signature }: Card): Types =>
  Object.fromEntries(signature.inputs.filter(({ datatype }) => datatype === 'BYTES').map(({ name }) => [name, 'text']));

/** What a version answers on a table. @throws TrainingRefused where a feature is not in the table; ApiError */
export async function answersOnTable({ client, model, card }: OneVersion, table: Frame): Promise<Answered> {
  const types = typesIn(card);
  const { count, columns } = featuresIn(table, { features: card.features, types });
  const step = Math.max(1, Math.floor(VALUES_AT_ONCE / columns.length));
  const answers: InferAnswer[] = [];
  for (let from = 0; from < count; from += step) {
    const request = requestFor(card, columns, from, Math.min(count, from + step));
    answers.push(await client.infer(model, request, card.version));
  }
  const [first] = answers;
  const names = first?.outputs.map(({ name }) => name) ?? [];
  const labels = first?.outputs.find(({ name }) => name === 'predict_proba')?.parameters?.labels;
  return {
    outputs: new Map(names.map((name) => [name, joined(name, answers)])),
    ...(Array.isArray(labels) && { labels }),
  };
}

/** How good answers are, where the table says what was true. @throws TrainingRefused */
export function measured(answered: Answered, table: Frame, target: string): Evaluation {
  const labels = labelsOf(answered, table, target);
  return metricsOf(answersIn(answered.outputs, { labels }, truthIn(table, target, labels)));
}

/** Of its probabilities; where it has none, those that were answered and those that were true. */
function labelsOf(answered: Answered, { columns }: Frame, target: string): Labels | undefined {
  const answer = answerOf(answered);
  if (answer.datatype.startsWith('FP')) return undefined;
  if (answered.labels) return parseLabels(answered.labels as string[]);
  const truth = columns.find(({ name }) => name === target)?.values ?? [];
  return parseLabels([...new Set([...tensorToJson('predict', answer), ...truth].map(String))]);
}

function requestFor({ signature }: Card, columns: readonly Column[], from: number, to: number): InferRequest {
  const cells = columns.map(({ values }) => Array.from(values.slice(from, to), jsonOf));
  const count = to - from;
  const [only] = signature.inputs;
  if (only?.name === INPUT && signature.inputs.length === 1 && only.shape.length === 2) {
    const data = Array.from({ length: count }, (_, row) => cells.map((column) => column[row])).flat();
    return { inputs: [{ name: INPUT, datatype: 'FP64', shape: [count, columns.length], data }] };
  }
  return {
    inputs: columns.map(({ name, type }, k) => ({
      name,
      datatype: type === 'text' ? 'BYTES' : 'FP64',
      shape: [count],
      data: cells[k] as unknown[],
    })),
  };
}

const jsonOf = (value: number | string | null): number | string | null => (Number.isNaN(value) ? null : value);

function joined(name: string, answers: readonly InferAnswer[]): Tensor {
  const parts = answers.flatMap(({ outputs }) => outputs.filter((output) => output.name === name));
  const [{ datatype, shape }] = parts as [InferAnswer['outputs'][number]];
  const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0);
  const data = parts.flatMap((part) => part.data);
  return tensorFromJson(`output ${name}`, datatype as Datatype, [rows, ...shape.slice(1)], data);
}
