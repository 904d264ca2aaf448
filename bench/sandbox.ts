// A process of its own that starts one bundle, invokes it once, and says what that took since the process began.
// argv: the bundle, the event as JSON.
const [, , bundle = '', event = ''] = process.argv;

// Lambda's own runtime has Node's HTTP client before it loads a handler, whatever the handler needs.
const http = process.getBuiltinModule('node:http');
new http.Agent({ keepAlive: true, maxSockets: 1 });

const { handler } = await import(bundle);
const answer = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 29_000 });
const wall = performance.now();
const { user, system } = process.cpuUsage();

/** What one cold start took, and what its call was answered. Milliseconds and bytes. */
export interface ColdStart {
  readonly wall: number;
  readonly cpu: number;
  readonly rss: number;
  readonly answer: unknown;
}

const figures: ColdStart = { wall, cpu: (user + system) / 1_000, rss: process.memoryUsage.rss(), answer };
process.stdout.write(`\n${JSON.stringify(figures)}`, () => process.exit(0));
