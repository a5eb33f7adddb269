/** Looks whether a Python can train, without loading PyTorch. */
import { execFile } from 'node:child_process';
import { AppError } from '../core/errors.ts';

const script = [
  'import sys, importlib.metadata as m',
  'if sys.version_info < (3, 10): sys.exit("Python %d.%d; 3.10 is the oldest" % sys.version_info[:2])',
  'wanted = dict(p.split("==") for p in sys.argv[1:])',
  'def found(n):',
  '    try: return m.version(n)',
  '    except m.PackageNotFoundError: return None',
  'bad = [f"{n} {found(n) or \'is missing\'} (wanted {w})" for n, w in wanted.items() if (found(n) or "").split("+")[0] != w]',
  'sys.exit(", ".join(bad) or 0)',
].join('\n');

/** As `trainer/pyproject.toml` pins them. */
export const wantedPackages = ['trl==1.13.0', 'peft==0.21.0', 'transformers==5.17.0', 'accelerate==1.15.0'] as const;

/** @throws AppError `trainer.unavailable` that says what is missing */
export function checkPython(python: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(python, ['-c', script, ...wantedPackages], { timeout: 60_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new AppError('trainer.unavailable', { python, reason: stderr.trim().split('\n').at(-1) ?? error.message }, error));
    });
  });
}
