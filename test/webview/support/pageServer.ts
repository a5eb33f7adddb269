/** A page of the product in a plain Chromium with a fake of its host: bundled as in the product, under the product's CSP. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

const root = join(import.meta.dirname, '../../..');
const nonce = 'harness';
const policy = `default-src 'none'; style-src 'self' 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;

export class PageServer {
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(server: Server, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  /** @param page folder of `webview/`. @param fake file of `test/webview/page/` that runs before it */
  static async start(page: string, fake: string): Promise<PageServer> {
    const files = await bundle(page, fake);
    const server = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain', 'content-security-policy': policy });
      response.end(file?.text ?? '');
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
    });
    return new PageServer(server, browser);
  }

  get url(): string {
    // An address in use is always there once the server listens.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}/`;
  }

  /** A page that has gone nowhere yet, and what it will complain of. */
  async newPage(viewport: { readonly width: number; readonly height: number }): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
    const page = await this.#browser.newPage({ viewport });
    const problems: string[] = [];
    page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
    page.on('pageerror', (error) => { problems.push(error.message); });
    return { page, problems };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}

interface Served {
  readonly type: string;
  readonly text: string;
}

async function bundle(page: string, fake: string): Promise<ReadonlyMap<string, Served>> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: `webview/${page}/main.ts`, out: page },
      { in: `test/webview/page/${fake}.ts`, out: fake },
    ],
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  });
  const files = new Map<string, Served>();
  for (const file of result.outputFiles) {
    const name = file.path.slice(file.path.lastIndexOf('/'));
    files.set(name, { type: name.endsWith('.css') ? 'text/css' : 'text/javascript', text: file.text });
  }
  files.set('/', { type: 'text/html', text: shell(page, fake) });
  return files;
}

function shell(page: string, fake: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta property="csp-nonce" content="${nonce}"><title>Interlinear</title>
<link rel="stylesheet" href="/${page}.css"></head><body>
<script nonce="${nonce}" src="/${fake}.js"></script><script nonce="${nonce}" src="/${page}.js"></script></body></html>`;
}
