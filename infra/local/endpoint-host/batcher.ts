import { arrays } from '../../../models/datatype.ts';
import { UnfitInput } from '../../../models/errors.ts';
import { elementCount, rowCount, type Tensor, type Tensors } from '../../../models/tensor.ts';

/** Runs one batch: rows in, as many rows out, in their order. */
export type Run = (inputs: Tensors) => Promise<Tensors>;

export interface BatchLimits {
  /** Rows of a batch, if more than one caller is in it. */
  readonly rows: number;
  /** How long the first caller of a batch waits for others. */
  readonly delayMs: number;
}

interface Waiting {
  readonly inputs: Tensors;
  readonly rows: number;
  readonly resolve: (outputs: Tensors) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Puts callers who come at the same time into one batch, as Triton's dynamic batcher does: rows behind each other, of the
 * same names, datatypes and row shapes only. Each gets the answers to its own rows; where a batch fails, its callers are
 * run one by one, so that nobody fails for another's rows.
 */
export function batched(run: Run, { rows: limit, delayMs }: BatchLimits): Run {
  const queues = new Map<string, Waiting[]>();

  const flush = async (form: string): Promise<void> => {
    const batch = queues.get(form) ?? [];
    queues.delete(form);
    if (batch.length === 1) return alone(run, batch[0] as Waiting);
    try {
      const outputs = await run(joined(batch));
      const parts = parted(outputs, batch);
      batch.forEach(({ resolve }, i) => {
        resolve(parts[i] as Tensors);
      });
    } catch {
      for (const waiting of batch) await alone(run, waiting);
    }
  };

  return (inputs) => {
    const rows = rowsOfAll(inputs);
    // Behind each other, they would be beside another caller's. Triton refuses them, too.
    if (rows === undefined)
      return Promise.reject(new UnfitInput({ where: 'inputs', rule: 'must have as many rows each' }));
    const form = formOf(inputs);
    const { promise, resolve, reject } = Promise.withResolvers<Tensors>();
    const queued = queues.get(form) ?? [];
    const waiting = queued.reduce((sum, one) => sum + one.rows, 0);
    if (queued.length > 0 && waiting + rows > limit) flush(form);
    const queue = queues.get(form) ?? [];
    queue.push({ inputs, rows, resolve, reject });
    if (queue.length === 1) {
      queues.set(form, queue);
      later(() => queues.get(form) === queue && flush(form), delayMs);
    }
    return promise;
  };
}

/** Undefined where inputs have other numbers of them. */
function rowsOfAll(inputs: Tensors): number | undefined {
  const [rows, ...others] = new Set(Array.from(inputs.values(), rowCount));
  return others.length === 0 ? rows : undefined;
}

/** Without a delay a batch is of those whose requests lay ready together: a timer of no time takes a millisecond. */
const later = (work: () => void, delayMs: number): unknown =>
  delayMs > 0 ? setTimeout(work, delayMs) : setImmediate(work);

const alone = (run: Run, { inputs, resolve, reject }: Waiting): Promise<void> => run(inputs).then(resolve, reject);

/** What tensors must have in common to be put behind each other. */
const formOf = (inputs: Tensors): string =>
  JSON.stringify(Array.from(inputs, ([name, { datatype, shape }]) => [name, datatype, shape.slice(1)]));

function joined(batch: readonly Waiting[]): Tensors {
  const [first] = batch as [Waiting];
  return new Map(
    Array.from(first.inputs.keys(), (name) => [
      name,
      concatenated(batch.map(({ inputs }) => inputs.get(name) as Tensor)),
    ]),
  );
}

function concatenated(tensors: readonly Tensor[]): Tensor {
  const [{ datatype, shape }] = tensors as [Tensor];
  const rows = tensors.reduce((sum, tensor) => sum + rowCount(tensor), 0);
  const whole = [rows, ...shape.slice(1)];
  if (datatype === 'BYTES')
    return { datatype, shape: whole, data: tensors.flatMap(({ data }) => data as Uint8Array[]) };
  const data = new arrays[datatype](elementCount(whole));
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data as never, at);
    at += tensor.data.length;
  }
  return { datatype, shape: whole, data } as Tensor;
}

/** @throws Error where an output has other rows than the batch: then nobody can be told which are whose */
function parted(outputs: Tensors, batch: readonly Waiting[]): Tensors[] {
  const total = batch.reduce((sum, { rows }) => sum + rows, 0);
  for (const tensor of outputs.values()) {
    if (rowCount(tensor) !== total) throw new Error('the model does not answer row by row');
  }
  let start = 0;
  return batch.map(({ rows }) => {
    const from = start;
    start += rows;
    return new Map(Array.from(outputs, ([name, tensor]) => [name, rowsOf(tensor, from, rows)]));
  });
}

function rowsOf({ datatype, shape, data }: Tensor, first: number, rows: number): Tensor {
  const width = elementCount(shape.slice(1));
  const part = data.slice(first * width, (first + rows) * width);
  return { datatype, shape: [rows, ...shape.slice(1)], data: part } as Tensor;
}
