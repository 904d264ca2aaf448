import type { Connection } from '../client/call.ts';
import { type Client, client } from '../client/client.ts';
import { Failure, Misuse } from './failures.ts';
import { readNote } from './platform-note.ts';
import type { Terminal } from './terminal.ts';

/** The platform that this terminal works with. @throws Failure, Misuse where none is known */
export const connect = async ({ env }: Terminal): Promise<Client> => client(await connectionFrom(env));

/** What the environment states, completed by what the local platform notes while it runs. @throws Failure, Misuse */
export async function connectionFrom(env: NodeJS.ProcessEnv): Promise<Connection> {
  const [url, key] = [env.MODELDROP_URL || undefined, env.MODELDROP_KEY || undefined];
  if (url !== undefined) checkUrl(url);
  if (url !== undefined && key !== undefined) return { url, key };
  const note = await readNote(env);
  if (url === undefined && note !== undefined) return { url: note.url, key: key ?? note.key };
  // The local platform's key is told to the local platform only.
  if (url !== undefined && note !== undefined && url.replace(/\/+$/, '') === note.url) return note;
  throw new Failure(
    url === undefined ? NONE : `MODELDROP_URL is set, but MODELDROP_KEY is not; set it to a key of ${url}`,
  );
}

const NONE = 'no platform is running here; start one with npm start, or set MODELDROP_URL and MODELDROP_KEY';

function checkUrl(url: string): void {
  const protocol = URL.parse(url)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new Misuse(`MODELDROP_URL must be an http or https URL, got ${JSON.stringify(url)}`);
}
