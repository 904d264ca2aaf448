import { moveChannel } from '../../adapters/registry/channels.ts';
import { eraseVersions } from '../../adapters/registry/erasure.ts';
import { listVersions } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModelNotFound } from '../../models/errors.ts';
import {
  CanaryCommand,
  type Channel,
  erase,
  type Occasion,
  type ReleaseCommand,
  release,
  rollback,
  StableCommand,
} from '../../models/release.ts';
import { checker } from '../../models/schema.ts';
import { json, noContent } from '../http/answer.ts';
import { type Call, jsonBody } from '../http/call.ts';
import type { Operation } from '../http/handler.ts';
import { modelInSight } from '../http/sight.ts';

interface Ports {
  readonly registry: Store;
  readonly now: () => number;
}

const forms = { stable: checker(StableCommand), canary: checker(CanaryCommand) };

/** Each form is checked by itself: a reader needs the words of the one that was meant. @throws MalformedRequest */
function commandOf(call: Call): ReleaseCommand {
  const body = jsonBody(call);
  const isCanary = body !== null && typeof body === 'object' && 'canary' in body;
  const verdict = forms[isCanary ? 'canary' : 'stable'](body, 'body');
  if (!verdict.ok) throw new MalformedRequest(verdict.breach);
  return verdict.value;
}

/** What is served, moved by one conditional write each. */
export function releaseOperations(ports: Ports): Record<string, Operation> {
  const { registry } = ports;
  return {
    async release(call) {
      const wish = commandOf(call);
      const occasion = await occasionOf(ports, call);
      if (occasion.versions.length === 0) throw new ModelNotFound(occasion.model);
      return json(await moveChannel(registry, occasion.model, (channel) => release(channel, wish, occasion)));
    },
    async rollback(call) {
      const occasion = await occasionOf(ports, call);
      return json(
        await moveChannel(registry, occasion.model, (channel) => rollback(existing(channel, occasion), occasion)),
      );
    },
    async deleteModel(call) {
      const occasion = await occasionOf(ports, call);
      const { model } = occasion;
      const { first } = await moveChannel(registry, model, (channel) => erase(existing(channel, occasion), occasion));
      await eraseVersions(registry, model, first);
      return noContent;
    },
  };
}

async function occasionOf({ registry, now }: Ports, call: Call): Promise<Occasion> {
  const model = modelInSight(call);
  const versions = await listVersions(registry, model);
  return { model, versions, by: call.caller?.key ?? '', at: new Date(now()).toISOString() };
}

function existing(channel: Channel | undefined, { model }: Occasion): Channel {
  if (channel?.stable === undefined) throw new ModelNotFound(model);
  return channel;
}
