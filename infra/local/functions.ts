import { randomInt } from 'node:crypto';
import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import type { Counter } from '../../adapters/meter/counter.ts';
import { memoryMeter } from '../../adapters/meter/memory.ts';
import { trialMeter } from '../../adapters/meter/trials.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { freshView } from '../../adapters/registry/fresh.ts';
import { keysView } from '../../adapters/registry/keyring.ts';
import type { PresignGet, PresignPut, PresignRequest } from '../../adapters/store/presign.ts';
import type { Store } from '../../adapters/store/store.ts';
import { authorizeFunction } from '../../functions/authorize/handler.ts';
import { catalogFunction } from '../../functions/catalog/handler.ts';
import { type ControlPorts, controlFunction } from '../../functions/control/handler.ts';
import type { DropPorts } from '../../functions/deploy/drop.ts';
import { deployFunction } from '../../functions/deploy/handler.ts';
import type { Provisioning } from '../../functions/deploy/provision.ts';
import { type LogLevel, powertoolsLog } from '../../functions/http/log.ts';
import { type PredictPorts, predictFunction } from '../../functions/predict/handler.ts';
import { loadFrom } from '../../functions/predict/load.ts';
import { modelCache } from '../../functions/predict/model-cache.ts';
import type { WatchPorts } from '../../functions/watch/canary.ts';
import { keepTrial } from '../../functions/watch/counted.ts';
import type { Channel } from '../../models/channel.ts';
import { talliesOf } from '../../models/watch/ledger.ts';
import { MEGABYTE, machineMegabytes } from './memory-bound.ts';

export interface LocalPorts {
  readonly registry: Store;
  readonly inbox: Store;
  readonly train: DropPorts['train'];
  readonly presign: PresignPut;
  readonly presignRequest: PresignRequest;
  readonly presignResult: PresignGet;
  readonly enqueue: ControlPorts['enqueue'];
  readonly openOnnx: OpenSession;
  readonly endpoint?: EndpointPort;
  readonly counter: Counter;
  readonly shadow: PredictPorts['shadow'];
  readonly release: string;
  readonly logLevel?: LogLevel;
}

/** Models run in processes of their own, and count as what these take: a quarter of the machine holds a large one. */
const CACHE_BYTES = Math.max(512, machineMegabytes() / 4) * MEGABYTE;

/** Every archive has an asynchronous endpoint on one machine. */
const alwaysThere: Provisioning = {
  endpoints: { ensure: async () => 'in-service', isChanging: async () => false, remove: async () => {} },
  later: async () => {},
};

const RESOLUTION = 2 ** 30;

/** Every function, wired to files and memory: what each Lambda's entry does for AWS. */
export function localFunctions({ logLevel = 'WARN', ...ports }: LocalPorts) {
  const {
    registry,
    inbox,
    train,
    presign,
    presignRequest,
    presignResult,
    enqueue,
    counter,
    shadow,
    openOnnx,
    endpoint,
    release,
  } = ports;
  const log = (name: string) => powertoolsLog(name, logLevel);
  const now = Date.now;
  const meter = trialMeter(memoryMeter(now));
  const channels = freshView<Channel>({ store: registry, now });
  const keys = keysView(registry, now);
  const models = modelCache({ load: loadFrom(registry, openOnnx, endpoint), maxBytes: CACHE_BYTES });
  return {
    predict: predictFunction({
      channels,
      models,
      meter,
      counter,
      shadow,
      log: log('predict'),
      draw: () => randomInt(RESOLUTION) / RESOLUTION,
    }),
    catalog: catalogFunction({
      registry,
      channels,
      keyring: keys,
      presign: presignResult,
      log: log('catalog'),
      now,
      release,
    }),
    control: controlFunction({
      registry,
      presign,
      presignRequest,
      enqueue,
      now,
      log: log('control'),
    }),
    authorize: authorizeFunction({ keyring: keys, meterKey: () => undefined }),
    /** Drops are verified as `verify` does. */
    deployBy: (verify: DropPorts['verify']) =>
      deployFunction({
        inbox,
        registry,
        verify,
        train,
        hasEndpoint: endpoint !== undefined,
        ...(endpoint && { provisioning: alwaysThere }),
        now,
        log: log('deploy'),
      }),
    watch: {
      registry,
      now,
      trial: async ({ model }, { since }) => {
        const ledger = meter.ledger(model, since);
        await keepTrial(registry, model, ledger);
        return talliesOf(ledger);
      },
    } satisfies WatchPorts,
  };
}
