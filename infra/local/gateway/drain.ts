import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const REAPING_MS = 25;

/** Prepares a server to be closed gracefully, whatever its clients do. */
export function draining(server: Server): (close: () => Promise<void>, withinMs: number) => Promise<void> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  return async (close, withinMs) => {
    const deadline = setTimeout(() => server.closeAllConnections(), withinMs);
    // A connection that becomes idle during the drain is nobody's: Node closes those that are idle when it begins.
    const reaping = setInterval(() => server.closeIdleConnections(), REAPING_MS);
    try {
      const closed = close();
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
      await closed;
    } finally {
      clearTimeout(deadline);
      clearInterval(reaping);
    }
  };
}
