/** A package index of this machine (PEP 503) with wheels that are packages in name only, for a real pip. It can keep a file back. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inRoot } from '../../../scripts/support/root.ts';
import { trainerPackages } from '../../../src/jobs/trainerEnvironment.ts';

export interface PackageIndex {
  /** For pip's environment: this index and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Bytes of all wheels. */
  readonly bytes: number;
  /** While true, files are asked for and never come. */
  held: boolean;
  /** Requests for files that are being kept back. */
  waiting: number;
  /** While true, pages are asked for and never come. */
  silent: boolean;
  /** Open requests for pages that are being kept back. */
  asking: number;
  close(): void;
}

export async function startPackageIndex(python: string, folder: string): Promise<PackageIndex> {
  mkdirSync(folder, { recursive: true });
  execFileSync(python, [inRoot('test/workbench/support/empty_wheels.py'), inRoot('trainer/requirements.lock'), folder, ...trainerPackages]);
  const wheels = readdirSync(folder);
  const server = createServer(({ url = '', method }, response) => {
    const wheel = wheels.find((name) => url === `/files/${name}`);
    const project = /^\/simple\/([^/]+)\/$/u.exec(url)?.[1];
    if (wheel !== undefined) {
      const bytes = readFileSync(join(folder, wheel));
      response.writeHead(200, { 'content-length': bytes.length });
      if (method === 'HEAD') response.end();
      else if (index.held) index.waiting++;
      else response.end(bytes);
    } else if (project !== undefined && index.silent) {
      index.asking++;
      response.once('close', () => { index.asking--; });
    } else if (project !== undefined) {
      const own = wheels.filter((name) => name.startsWith(`${project.replaceAll('-', '_')}-`));
      response.writeHead(own.length === 0 ? 404 : 200, { 'content-type': 'text/html' });
      response.end(`<!DOCTYPE html>${own.map((name) => `<a href="/files/${name}">${name}</a>`).join('')}`);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo; // it listens on a port
  const index: PackageIndex = {
    env: {
      PIP_INDEX_URL: `http://127.0.0.1:${port}/simple/`, PIP_FIND_LINKS: '', PIP_EXTRA_INDEX_URL: '', PIP_NO_CACHE_DIR: '1', PIP_CONFIG_FILE: '/dev/null', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1',
    },
    bytes: wheels.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0),
    held: false,
    waiting: 0,
    silent: false,
    asking: 0,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return index;
}
