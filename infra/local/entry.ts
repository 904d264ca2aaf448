import { main } from './main.ts';

// A person reads this terminal: requests are logged on demand only.
process.env.POWERTOOLS_LOG_LEVEL ??= 'WARN';

await main(process.env);
