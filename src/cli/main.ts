import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAbort, toAppError } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';
import { nodeFileSystem } from '../store/fileSystem.ts';
import type { Command, CommandContext, ExitCode } from './command.ts';
import { readStandardInput } from './standardInput.ts';
import { adoptCommand } from './commands/adopt.ts';
import { alignCommand } from './commands/align.ts';
import { checkCommand } from './commands/check.ts';
import { backendCommand } from './commands/backend.ts';
import { gateCommand } from './commands/gate.ts';
import { importRevisedCommand } from './commands/importRevised.ts';
import { memoryCommand } from './commands/memory.ts';
import { modelsCommand } from './commands/models.ts';
import { pairsCommand } from './commands/pairs.ts';
import { rankCommand } from './commands/rank.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { roundtripCommand } from './commands/roundtrip.ts';
import { trainCommand } from './commands/train.ts';
import { translateCommand } from './commands/translate.ts';

const commands: readonly Command[] = [
  translateCommand, rankCommand, alignCommand, pairsCommand, roundtripCommand, checkCommand, importRevisedCommand, memoryCommand, backendCommand, modelsCommand,
  trainCommand, gateCommand, adoptCommand, rollbackCommand,
];

function overview(): string {
  const lines = commands.map((command) => `  ${command.name.padEnd(14)} ${command.summary}`);
  return `Usage: interlinear COMMAND [ARGUMENTS]\n\n${lines.join('\n')}\n\n"interlinear COMMAND --help" shows options and examples.\nExit codes: 0 done, 1 done and the answer is no, 2 not done.`;
}

async function main(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === 'help') {
    context.print(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    context.print(context.version);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    context.note(`interlinear: no command "${name}"\n\n${overview()}`);
    return 2;
  }
  if (args.includes('--help')) {
    context.print(command.help);
    return 0;
  }
  return runGuarded(command, args, context);
}

async function runGuarded(command: Command, args: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    return await command.run(args, context);
  } catch (thrown) {
    if (isAbort(thrown)) context.note('interlinear: cancelled; what was finished is kept');
    else context.note(`interlinear ${command.name}: ${sentenceFor(toAppError(thrown, command.name))}`);
    return 2;
  }
}

function versionOf(home: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}

const home = dirname(__dirname);
const interrupted = new AbortController();
process.once('SIGINT', () => { interrupted.abort(); });
// A reader such as `head` may close the pipe early: that is its right and no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0); });

void main(process.argv.slice(2), {
  fs: nodeFileSystem,
  cwd: process.cwd(),
  env: process.env,
  home,
  version: versionOf(home),
  readInput: () => readStandardInput(process.stdin, interrupted.signal),
  write: (bytes) => { process.stdout.write(bytes); },
  print: (line) => { process.stdout.write(`${line}\n`); },
  note: (line) => { process.stderr.write(`${line}\n`); },
  signal: interrupted.signal,
}).then((code) => { process.exitCode = code; });
