import type { Counter } from '../../adapters/meter/counter.ts';
import type { Meter } from '../../adapters/meter/meter.ts';
import { answerersIn } from '../../models/cascade/cascade.ts';
import { MalformedRequest, ModeldropError, UnfitInput } from '../../models/errors.ts';
import type { Wanted } from '../../models/explanation.ts';
import type { Manifest } from '../../models/manifest.ts';
import { outside } from '../../models/outside.ts';
import { placementOf } from '../../models/placement.ts';
import type { Predictor } from '../../models/predictor.ts';
import { withInterval } from '../../models/residuals.ts';
import { conform } from '../../models/signature.ts';
import { rowCount, type Tensor, type Tensors } from '../../models/tensor.ts';
import { noShadow } from '../../models/watch/counts.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Caller } from '../http/caller.ts';
import { OUTSIDE_LIMIT } from '../http/dialects/exchange.ts';
import { type HttpHandler, httpFunction, type Operation } from '../http/handler.ts';
import type { Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { Channels } from '../http/sight.ts';
import { type Decoder, decoders } from './decoders.ts';
import { lastGood, type Serve } from './last-good.ts';
import type { LoadedModel, ModelCache } from './model-cache.ts';
import { resolve, type Target } from './resolve.ts';
import { copyOf, type ShadowCopy } from './shadow-copy.ts';
import { statsOperation } from './stats.ts';

export interface PredictPorts {
  readonly channels: Channels;
  readonly models: ModelCache;
  readonly meter: Meter;
  readonly counter: Counter;
  /** Sends a copy of a request to the shadow. It returns at once, and whether it was sent. */
  readonly shadow: (copy: ShadowCopy) => boolean;
  readonly log: Log;
  /** A number in [0, 1) for each request: which of a channel's versions answers it. */
  readonly draw: () => number;
  /** The largest answer, where it is not for Lambda to carry. */
  readonly maxBytes?: number;
}

/** Resolve, decode, predict, encode: every dialect's prediction. */
export function predictFunction(ports: PredictPorts): HttpHandler {
  const serve = lastGood(ports.models);
  const operations = {
    ...Object.fromEntries(Object.entries(decoders).map(([name, decode]) => [name, predict(ports, serve, decode)])),
    stats: statsOperation(ports),
  };
  const { log, maxBytes } = ports;
  return httpFunction({ operations, log, ...(maxBytes && { maxBytes }) });
}

/** Requests with the same value see the same version while a canary is open. */
const STICKY = 'x-modeldrop-sticky';

function predict(ports: PredictPorts, serve: Serve, decode: Decoder): Operation {
  const { channels, meter, counter, draw } = ports;
  return async (call, signal) => {
    const startedAt = performance.now();
    const caller = call.caller as Caller;
    const target = await resolve(channels, {
      model: modelOf(call),
      version: call.params.version,
      caller,
      point: draw(),
      sticky: call.headers[STICKY],
    });
    const { model, version, channel, trial } = target;
    const observation = { model, version, channel, tenant: caller.tenant, rows: 0, status: 500 };
    if (trial) observing(() => meter.attempt({ model, version, trial }));
    try {
      return await serve(target, async (loaded, served) => {
        const { answer, rows, inputs, by } = await run(loaded, decode, call, signal);
        observing(() => counter.inputs(loaded.manifest, inputs));
        if (target.shadow) observing(() => sendCopy(ports, call, target, served.version));
        Object.assign(observation, { version: served.version, rows, status: answer.status });
        return { ...answer, headers: { ...answer.headers, ...provenance(served, loaded.manifest), ...by } };
      });
    } catch (error) {
      if (error instanceof ModeldropError) observation.status = error.status;
      throw error;
    } finally {
      // Where another version stood in, the one on trial has not answered.
      const tried = trial && observation.version === version ? { trial } : {};
      observing(() => meter.record({ ...observation, ...tried, duration: performance.now() - startedAt }));
      await target.beside;
    }
  };
}

async function run({ manifest, predictor }: LoadedModel, decode: Decoder, call: Call, signal: AbortSignal) {
  const { inputs, explain, interval, encode } = await decode(call, manifest);
  const conformed = conform(predictor.signature, inputs);
  const predicted = await predictor.predict(conformed, signal);
  const outputs = interval === undefined ? predicted : withInterval(predicted, manifest.residuals, interval);
  const explanations = explain && (await explained(predictor, conformed, explain, signal));
  const answer: Answer = encode({
    outputs,
    outside: outside(manifest, conformed, OUTSIDE_LIMIT),
    ...(explanations && { explanations }),
  });
  const rows = rowCount(conformed.values().next().value as Tensor);
  return { answer, rows, inputs: conformed, by: answeredBy(outputs) };
}

/** Only what was answered is sent along: a shadow is no place for bad requests. */
function sendCopy({ shadow, counter }: PredictPorts, call: Call, target: Target, serving: number): void {
  if (target.shadow === undefined) return;
  const which = { model: target.model, ...target.shadow, serving };
  const copy = copyOf(call, which);
  const count = copy !== undefined && shadow(copy) ? { sent: 1 } : { skipped: 1 };
  const { model, version, since } = which;
  counter.shadow({ model, version, shadow: { ...noShadow(since), ...count } });
}

/** @throws UnfitInput */
function explained(predictor: Predictor, inputs: Tensors, wanted: Wanted, signal: AbortSignal) {
  if (predictor.explain) return predictor.explain(inputs, wanted, signal);
  throw new UnfitInput({ where: 'explain', rule: 'must be absent: this model explains nothing' });
}

/** MLflow's `/invocations` names its model in the query. */
function modelOf({ params, query }: Call): string {
  const model = params.model ?? query.model;
  if (model) return model;
  throw new MalformedRequest({ where: 'query', rule: 'must name the model, as /invocations?model=<name>' });
}

/** How many rows each model of a cascade answered. */
function answeredBy(outputs: Tensors): Record<string, string> {
  const by = answerersIn(outputs);
  if (by === undefined) return {};
  const small = by.filter((who) => who === 'small').length;
  return { 'x-modeldrop-answered-by': `small=${small}, large=${by.length - small}` };
}

/** Which version answered, and from where. */
const provenance = ({ version, channel, stale }: Target, manifest: Manifest): Record<string, string> => ({
  'x-modeldrop-version': String(version),
  'x-modeldrop-channel': channel,
  'x-modeldrop-placement': placementOf(manifest),
  ...(stale && { 'x-modeldrop-stale': 'true' }),
});
