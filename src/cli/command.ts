import type { FileSystem } from '../store/fileSystem.ts';

/** What a command may touch; tests give it their own. */
export interface CommandContext {
  readonly fs: FileSystem;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that holds `dist/` and `media/`. */
  readonly home: string;
  readonly version: string;
  /** All that comes on standard input. @throws AbortError when `signal` fires; AppError `document.tooLarge` */
  readInput(): Promise<Uint8Array>;
  /** Results: one call a line. */
  print(line: string): void;
  /** A result that is a file: exactly these bytes go to standard output. */
  write(bytes: Uint8Array): void;
  /** Progress and remarks, never results. */
  note(line: string): void;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
}

/** Exit codes: 0 done; 1 done, and what was asked about is not so (a file that does not round-trip); 2 could not be done. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Usage, options and examples. */
  readonly help: string;
  run(args: readonly string[], context: CommandContext): Promise<ExitCode>;
}
