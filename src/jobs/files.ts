/** What jobs need of the disk: the part of the store's file system that is used here. Paths are absolute. */
export interface JobFiles {
  /** Undefined: not there. */
  read(path: string): Promise<Uint8Array | undefined>;
  append(path: string, bytes: Uint8Array): Promise<void>;
  writeAtomic(path: string, bytes: Uint8Array): Promise<void>;
  makeFolder(path: string): Promise<void>;
  stat(path: string): Promise<{ readonly modified: number } | undefined>;
  remove(path: string): Promise<void>;
}

export async function readText(files: JobFiles, path: string): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

export async function writeText(files: JobFiles, path: string, text: string): Promise<void> {
  await files.writeAtomic(path, new TextEncoder().encode(text));
}

/** Objects of JSON Lines; a torn last line and foreign lines are left out. */
export function parseLines(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown]; // checked by whoever reads it
    } catch {
      return [];
    }
  });
}
