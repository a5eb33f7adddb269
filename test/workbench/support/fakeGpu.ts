/** A fake nvidia-smi on a PATH of its own: the machine that runs the tests has no GPU, and no GPU is used. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const script = `#!/bin/sh
# fake: answers the two questions that the product asks
case "$1" in
  *index*) echo "0, 70123, 81559" ;;
  *) echo "NVIDIA H100 (fake), 81559, 550.54" ;;
esac
`;

/** Variables for a workbench in which the fake is found. Without the second the server would ask a login shell for another PATH. */
export function environmentWithFakeGpu(folder: string): Readonly<Record<string, string>> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'nvidia-smi'), script);
  chmodSync(join(bin, 'nvidia-smi'), 0o755);
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, VSCODE_CLI: '1' };
}
