/** A proxy on 127.0.0.1 as companies have them: forwards requests and tunnels, and knows names that nobody else resolves. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { listenAtFreePort } from '../../support/freePort.ts';

export interface Proxy {
  readonly url: string;
  /** Hosts that it was asked for, with their ports. */
  readonly asked: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** @param names `translator.test:80` to `127.0.0.1:8080` */
export async function startProxy(names: Readonly<Record<string, string>>): Promise<Proxy> {
  const asked = new Set<string>();
  const sockets = new Set<Duplex>();
  const placeOf = (host: string): { readonly host: string; readonly port: number } | undefined => {
    asked.add(host);
    const [name, port] = (names[host] ?? '').split(':');
    return name === undefined || port === undefined ? undefined : { host: name, port: Number(port) };
  };
  const server = createServer((asking, answer) => { forward(asking, answer, placeOf); });
  server.on('connect', ({ url = '' }: IncomingMessage, client: Duplex) => { tunnel(client, placeOf(url)); });
  server.on('connection', (socket: Socket) => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); });
  const port = await listenAtFreePort(server);
  return {
    url: `http://127.0.0.1:${port.toString()}`,
    asked,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type PlaceOf = (host: string) => { readonly host: string; readonly port: number } | undefined;

/** A request in absolute form (RFC 9112, 3.2.2). */
function forward(asking: IncomingMessage, answer: ServerResponse, placeOf: PlaceOf): void {
  const url = new URL(asking.url ?? '');
  const place = placeOf(`${url.hostname}:${url.port === '' ? '80' : url.port}`);
  if (place === undefined) { answer.writeHead(502).end('unknown host'); return; }
  const passed = request({ ...place, method: asking.method, path: url.pathname + url.search, headers: asking.headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  passed.on('error', () => { answer.destroy(); });
  asking.pipe(passed);
}

function tunnel(client: Duplex, place: ReturnType<PlaceOf>): void {
  if (place === undefined) { client.end('HTTP/1.1 502 Unknown Host\r\n\r\n'); return; }
  const server = connect(place.port, place.host, () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    server.pipe(client);
    client.pipe(server);
  });
  server.on('error', () => { client.destroy(); });
  client.on('error', () => { server.destroy(); });
}
