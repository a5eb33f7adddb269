/** `npm run package`: makes the .vsix for this platform. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../support/root.ts';
import { packageExtension } from '../support/vsix.ts';

export async function main(): Promise<number> {
  const path = await packageExtension({ minify: true });
  console.log(`${relative(root, path)}  ${(statSync(path).size / 2 ** 20).toFixed(1)} MB`);
  return 0;
}
