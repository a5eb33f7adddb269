import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** Lets a server listen at a free port of 127.0.0.1; answers the port. */
export async function listenAtFreePort(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // a TCP server's address has this form
}
