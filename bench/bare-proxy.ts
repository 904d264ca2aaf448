/** A proxy that does nothing but pass a POST on: what any hop costs on this machine. Run: node bench/bare-proxy.ts <url> */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const { hostname: host, port } = new URL(process.argv[2] as string);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const server = createServer(async (incoming, response) => {
  const { method, url: path, headers } = incoming;
  const body = await buffer(incoming);
  const onward = request({ method, host, port, path, headers, agent }, async (answer) => {
    response.writeHead(answer.statusCode as number, answer.headers);
    response.end(await buffer(answer));
  });
  onward.end(body);
});
server.listen(0, '127.0.0.1', () => {
  console.info(`proxy ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
