/** TLS before a plain server on 127.0.0.1, as a gateway has it: what comes in over TLS goes on as it is. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { listenAtFreePort } from './freePort.ts';

export interface TlsFront {
  readonly port: number;
  stop(): Promise<void>;
}

/** @param url of the plain server */
export async function startTlsFront({ key, cert }: Certificate, url: string): Promise<TlsFront> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<TLSSocket>();
  const server = createServer({ key, cert }, (client) => {
    sockets.add(client);
    const behind = connect(Number(port), hostname);
    client.on('close', () => { sockets.delete(client); behind.destroy(); });
    behind.on('close', () => { client.destroy(); });
    for (const socket of [client, behind]) socket.on('error', () => { socket.destroy(); });
    client.pipe(behind).pipe(client);
  });
  return {
    port: await listenAtFreePort(server),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
