import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { archiveLoader } from '../../../infra/local/endpoint-host/load-archive.ts';
import type { Resident } from '../../../infra/local/endpoint-host/model-pool.ts';
import { answerAsTriton, type TritonModel } from '../../../infra/local/endpoint-host/triton.ts';

/** Containers with Triton, as far as an endpoint of the stand-in needs them: they load an archive, and answer. */
export interface ContainerHost {
  readonly url: string;
  close(): Promise<void>;
}

interface Question {
  /** As the model's data is named in S3, and its bytes in base64, where this host does not have it yet. */
  readonly target: string;
  readonly archive: string;
  readonly contentType: string;
  readonly input: string;
}

export async function startContainerHost(): Promise<ContainerHost> {
  const loaded = new Map<string, Promise<Resident<TritonModel>>>();
  const load = ({ target, archive }: Question): Promise<Resident<TritonModel>> => {
    const stored = { bytes: Buffer.from(archive, 'base64'), etag: '' };
    const registry = { read: async () => stored, revalidate: async () => stored };
    const model = loaded.get(target) ?? archiveLoader(registry, openInRuntime())(target);
    loaded.set(target, model);
    return model;
  };

  const server = createServer(async (request, response) => {
    try {
      const question = JSON.parse(await text(request)) as Question;
      const { contentType, input } = question;
      const { model } = await load(question);
      const answer = await answerAsTriton(model, { contentType, body: Buffer.from(input, 'base64') });
      if ('type' in answer) response.writeHead(400).end(JSON.stringify({ message: answer.message }));
      else response.end(Buffer.from(answer.body as Uint8Array));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ message: String(error) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      for (const model of loaded.values()) await (await model).close();
    },
  };
}
