import { asyncEndpointName } from '../../../adapters/endpoint/async-endpoint-name.ts';
import { layout } from '../../../adapters/registry/layout.ts';
import type { Store } from '../../../adapters/store/store.ts';
import type { AsyncOptions } from './async-invocations.ts';

/** Every archive of the registry has an asynchronous endpoint on one machine: none costs anything while nobody calls it. */
export const asyncTargets =
  (registry: Pick<Store, 'list'>, stage: string): AsyncOptions['targetOf'] =>
  async (endpoint) => {
    const paths = await registry.list(layout.tritons);
    const targets = paths.map((path) => path.slice(layout.tritons.length));
    return targets.find((target) => asyncEndpointName(stage, target) === endpoint);
  };
