import { readChannel } from '../../adapters/registry/channels.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import { type BundledExample, examples } from '../../examples/examples.ts';
import type { DropPorts } from '../../functions/deploy/drop.ts';
import type { DeployHandler } from '../../functions/deploy/handler.ts';
import type { ChildProgram } from './child-program.ts';
import { objectCreated } from './inbox-watcher.ts';
import { verifyBundled } from './verify/verify-bundled.ts';

interface ExamplePorts extends Omit<Ports, 'deploy'> {
  readonly home: string;
  readonly prover: Promise<ChildProgram>;
  readonly deployBy: (verify: DropPorts['verify']) => DeployHandler;
}

/**
 * Trains and drops every bundled example whose model was never released here. A deleted one stays deleted.
 * @throws Error where a bundled example is refused: it ships broken
 */
export async function bringExamples({ home, prover, deployBy, ...ports }: ExamplePorts): Promise<void> {
  const verifier = verifyBundled(home, prover);
  try {
    await dropExamples({ ...ports, deploy: deployBy(verifier.verify) });
  } finally {
    verifier.close();
  }
}

interface Ports {
  readonly registry: Store;
  readonly inbox: Store;
  readonly deploy: DeployHandler;
  readonly progress: (line: string) => void;
}

/** While one is proved in another process, the next is learned here: that keeps two cores busy, and more gain nothing. */
const AT_ONCE = 2;

async function dropExamples(ports: Ports): Promise<void> {
  const waiting = examples.values();
  const lane = async (): Promise<void> => {
    for (const example of waiting) await dropExample(example, ports);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function dropExample(
  { name, build }: BundledExample,
  { registry, inbox, deploy, progress }: Ports,
): Promise<void> {
  if ((await readChannel(registry, name)) !== undefined) return;
  const { files, summary } = await build();
  const [model, ...companions] = files;
  if (model === undefined) throw new Error(`example ${name} has no model file`);
  for (const file of [...companions, model]) await put(inbox, `inbox/${name}/${file.name}`, file.bytes);
  await deploy(objectCreated(`inbox/${name}/${model.name}`, model.bytes.length));
  const channel = await readChannel(registry, name);
  if (channel?.stable === undefined) throw new Error(`example ${name} was refused; see inbox/${name}/`);
  progress(`  ${name.padEnd(18)} ${summary}; version ${channel.stable}`);
}
