import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration, Credentials } from '../lambda-runtime/configuration.ts';
import { type Invocation, type LambdaPool, lambdaPool } from '../lambda-runtime/pool.ts';

/** Runs the functions of the stand-in, each as it is deployed at the moment. */
export interface FunctionHost {
  readonly url: string;
  /** What every function is told beside its own variables. */
  readonly surroundings: Record<string, string>;
  /** The invocations of a function, oldest first. */
  invocations(name: string): readonly Ran[];
  /** What a function has written. */
  logs(name: string): string;
  /** Of a function's role, as its sandboxes have them. */
  credentials(name: string): Credentials | undefined;
  close(): Promise<void>;
}

export interface Ran extends Invocation {
  readonly event: unknown;
  readonly memoryMegabytes: number;
}

/** A question of the stand-in: the function as it knows it, and what to call it with. */
interface Question extends Configuration {
  readonly codeSha256: string;
  readonly zip: string;
  readonly event: unknown;
}

interface Deployed {
  readonly credentials: Credentials;
  /** Changes with the code and the configuration. */
  readonly revision: string;
  readonly pool: Promise<LambdaPool>;
}

export async function startFunctionHost(): Promise<FunctionHost> {
  const deployed = new Map<string, Deployed>();
  const retired: Promise<LambdaPool>[] = [];
  const ran = new Map<string, Ran[]>();
  const written = new Map<string, () => string>();
  const surroundings: Record<string, string> = {};

  const poolOf = ({ zip, event, codeSha256, ...configuration }: Question): Promise<LambdaPool> => {
    const revision = JSON.stringify([codeSha256, configuration]);
    const known = deployed.get(configuration.name);
    if (known?.revision === revision) return known.pool;
    if (known !== undefined) retired.push(known.pool);
    const environment = { ...configuration.environment, ...surroundings };
    const code = { zip: Buffer.from(zip, 'base64') };
    const pool = lambdaPool({ code, configuration: { ...configuration, environment } });
    deployed.set(configuration.name, { revision, pool, credentials: configuration.credentials });
    pool.then(({ logs }) => written.set(configuration.name, logs));
    return pool;
  };

  const answer = async (question: Question): Promise<Invocation> => {
    const pool = await poolOf(question);
    const invocation = await pool.invoke(question.event);
    const { name, memoryMegabytes, event } = question;
    ran.set(name, [...(ran.get(name) ?? []), { ...invocation, memoryMegabytes, event }]);
    return invocation;
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      response.end(JSON.stringify(await answer(JSON.parse(Buffer.concat(chunks).toString()))));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    surroundings,
    invocations: (name) => ran.get(name) ?? [],
    logs: (name) => written.get(name)?.() ?? '',
    credentials: (name) => deployed.get(name)?.credentials,
    async close() {
      server.closeAllConnections();
      server.close();
      const pools = [...retired, ...[...deployed.values()].map(({ pool }) => pool)];
      for (const pool of pools) await (await pool).close();
    },
  };
}
