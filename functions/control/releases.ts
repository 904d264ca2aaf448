import { moveChannel } from '../../adapters/registry/channels.ts';
import { eraseVersions } from '../../adapters/registry/erasure.ts';
import { listVersions } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Channel } from '../../models/channel.ts';
import { MalformedRequest, ModelNotFound } from '../../models/errors.ts';
import { erase, type Occasion, release, rollback } from '../../models/release.ts';
import { type ReleaseCommand, releaseCommands } from '../../models/release-command.ts';
import { checker } from '../../models/schema.ts';
import { json, noContent } from '../http/answer.ts';
import { type Call, jsonBody } from '../http/call.ts';
import type { Operation } from '../http/handler.ts';
import { modelInSight } from '../http/sight.ts';

interface Ports {
  readonly registry: Store;
  readonly now: () => number;
}

const forms = {
  stable: checker(releaseCommands.stable),
  canary: checker(releaseCommands.canary),
  shadow: checker(releaseCommands.shadow),
  policy: checker(releaseCommands.policy),
};

/** Each form is checked by itself: a reader needs the words of the one that was meant. @throws MalformedRequest */
function commandOf(call: Call): ReleaseCommand {
  const body = jsonBody(call);
  const keys = body !== null && typeof body === 'object' ? Object.keys(body) : [];
  const meant = (['canary', 'shadow', 'policy'] as const).find((key) => keys.includes(key)) ?? 'stable';
  const verdict = forms[meant](body, 'body');
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
