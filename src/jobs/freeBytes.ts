import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Room on the disk of the nearest folder that exists. */
export async function freeBytesAt(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? Infinity : freeBytesAt(parent);
  }
}
