/** Certificates of an authority of the test's own, made by the `openssl` program in a folder that goes with them: nothing of it is kept. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** Path of its own certificate, as `NODE_EXTRA_CA_CERTS` wants it. */
  readonly path: string;
  /** For a server of these names and addresses. `days` of 0: it has expired a second later. */
  issue(names: readonly string[], days?: number): Certificate;
  /** Removes its folder. */
  remove(): void;
}

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

/** Undefined where this machine has no `openssl`. */
export function makeAuthority(): Authority | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-authority-'));
  const openssl = (...args: readonly string[]): void => { execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' }); };
  const remove = (): void => { rmSync(folder, { recursive: true, force: true }); };
  try {
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test Authority', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign');
  } catch (thrown) {
    remove();
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
  let serial = 1;
  return {
    path: join(folder, 'ca.pem'),
    issue(names, days = 2) {
      serial += 1;
      const file = `server${serial}`;
      writeFileSync(join(folder, `${file}.cnf`), `subjectAltName=${names.map((name) => (/^[\d.]+$/u.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',')}\n`);
      openssl('req', ...key, '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', `/CN=${names[0] ?? ''}`);
      openssl('x509', '-req', '-in', `${file}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', String(serial), '-days', String(days), '-extfile', `${file}.cnf`, '-out', `${file}.pem`);
      return { key: readFileSync(join(folder, `${file}.key`), 'utf8'), cert: readFileSync(join(folder, `${file}.pem`), 'utf8') };
    },
    remove,
  };
}
