import { json } from '../http/answer.ts';
import type { Operation } from '../http/handler.ts';
import { landingPage } from './landing-page.ts';

const text = (body: string) => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body });

/** Whether the server lives, and what it speaks. */
export const serverOperations = ({ release }: { readonly release: string }): Record<string, Operation> => ({
  root: ({ headers }) =>
    headers.accept?.includes('text/html')
      ? { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: landingPage(release) }
      : json({ status: 'alive' }),
  live: () => json({ live: true }),
  ready: () => json({ ready: true }),
  ping: () => text('\n'),
  health: () => text('OK\n'),
  version: () => text(`${release}\n`),
  server: () => json({ name: 'modeldrop', version: release, extensions: ['binary_tensor_data', 'statistics'] }),
});
