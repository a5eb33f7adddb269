import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Path of a file or folder of the data that is lent for tests beside a checkout; undefined on a plain clone. */
export function sharedData(name: string): string | undefined {
  const path = join(root, name);
  return existsSync(path) ? path : undefined;
}
