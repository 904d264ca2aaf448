import { readChannel } from '../../adapters/registry/channels.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import { examples } from '../../examples/examples.ts';
import type { DeployHandler } from '../../functions/deploy/handler.ts';
import { objectCreated } from './inbox-watcher.ts';

interface Ports {
  readonly registry: Store;
  readonly inbox: Store;
  readonly deploy: DeployHandler;
  readonly progress: (line: string) => void;
}

/**
 * Trains and drops every bundled example whose model was never released here. A deleted one stays deleted.
 * @throws Error where a bundled example is refused: it ships broken
 */
export async function dropExamples({ registry, inbox, deploy, progress }: Ports): Promise<void> {
  for (const { name, build } of examples) {
    if ((await readChannel(registry, name)) !== undefined) continue;
    const { files, summary } = await build();
    const [model, ...companions] = files;
    if (model === undefined) throw new Error(`example ${name} has no model file`);
    for (const file of [...companions, model]) await put(inbox, `inbox/${name}/${file.name}`, file.bytes);
    await deploy(objectCreated(`inbox/${name}/${model.name}`, model.bytes.length));
    const channel = await readChannel(registry, name);
    if (channel?.stable === undefined) throw new Error(`example ${name} was refused; see inbox/${name}/`);
    progress(`  ${name.padEnd(18)} ${summary}; version ${channel.stable}`);
  }
}
