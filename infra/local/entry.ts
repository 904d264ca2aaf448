import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { collectLess } from './collect-less.ts';

collectLess();

// What was compiled once starts in half the time. The folder belongs to the installation: a shared one could be poisoned.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/modeldrop'));
const { main } = await import('./main.ts');

await main(process.env);
