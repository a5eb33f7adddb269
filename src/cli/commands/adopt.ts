import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { serverBackend } from '../../app/backends.ts';
import { adoptAdapter } from '../../app/training/adoptAdapter.ts';
import { adoptAsFile, type FileAdoption } from '../../app/training/adoptAsFile.ts';
import { adoptOnServer } from '../../app/training/adoptOnServer.ts';
import { readSources } from '../../app/training/jobData.ts';
import { modelLabel } from '../../core/models/modelLabel.ts';
import type { AdoptedAdapter } from '../../jobs/adapterRegistry.ts';
import { invalid, onePositional, readArguments, resolvePath } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';
import { pythonOf, serverOf, serverOptions, type Invocation } from '../training.ts';

const help = `Usage: interlinear adopt ADAPTER [--workspace DIR] [--because TEXT] [--backend URL]

Makes a trained model the one that translates in a workspace. It must have passed its gate, or you say why not.

  ADAPTER           job directory of "interlinear train"
  --workspace DIR   default: the current folder
  --because TEXT    adopt although the gate did not pass; the reason is kept in .interlinear/adapters.jsonl
  --backend URL     a running vLLM or SGLang that takes the adapter under a name of its own, and is asked for one translation;
                    several addresses of one service, with commas between them, all take it or none does;
                    without it the embedded engine gets the merged model
  --model NAME      the server's base model (default: the first that it lists)
  --llama PROFILE   a profile of the settings whose command starts llama-server: the adapter becomes a GGUF file, with which the
                    server is started from then on
  --ollama BASE     make a model of Ollama's BASE and the adapter (--backend names its URL, default http://127.0.0.1:11434)
  --python PATH     for --llama and --ollama: Python with the packages numpy and gguf
  --map HERE=THERE  a folder here is called THERE on the server's machine; may be given several times
  --api-key-env VAR variable that holds the server's key
  --json            the registry's record

"interlinear rollback" takes it back.`;

const options = {
  workspace: { type: 'string' }, because: { type: 'string' }, json: { type: 'boolean' }, map: { type: 'string', multiple: true },
  llama: { type: 'string' }, ollama: { type: 'string' }, python: { type: 'string' }, ...serverOptions,
} as const;

export const adoptCommand: Command = {
  name: 'adopt',
  summary: 'let a trained adapter translate',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, options);
    const record = await adopt({ parsed, context });
    if (parsed.flag('json')) context.print(JSON.stringify(record));
    else context.print(`${modelLabel(record.adapter.name, record.adapter.revision)} translates now; "interlinear rollback" takes it back`);
    return 0;
  },
};

async function adopt(invocation: Invocation): Promise<AdoptedAdapter> {
  const { parsed, context } = invocation;
  const because = parsed.text('because');
  const common = {
    fs: context.fs,
    workspace: resolvePath(context.cwd, parsed.text('workspace') ?? '.'),
    job: resolvePath(context.cwd, onePositional(parsed, 'ADAPTER')),
    at: new Date().toISOString(),
    id: randomUUID(),
    ...(because !== undefined && { because }),
  };
  const target = fileTarget(invocation);
  if (target !== undefined) {
    const trainer = { python: pythonOf(invocation), package: join(context.home, 'trainer'), env: context.env };
    return adoptAsFile({ ...common, trainer, target }, context.signal);
  }
  const server = serverOf(invocation);
  if (server === undefined) return adoptAdapter(common);
  const [trial] = await readSources(context.fs, join(common.job, 'rows.jsonl'));
  if (trial === undefined) throw invalid(common.job, 'no row of its rows.jsonl names a source to try the adapter with');
  const open = (model: string | undefined, url: string): ReturnType<typeof serverBackend> => serverBackend({ ...server, urls: [url], model });
  return adoptOnServer({ ...common, urls: server.urls, base: server.model, open, trial }, context.signal);
}

function fileTarget({ parsed }: Invocation): FileAdoption['target'] | undefined {
  const [profile, base] = [parsed.text('llama'), parsed.text('ollama')];
  if (profile !== undefined) return { kind: 'llama', profile };
  return base === undefined ? undefined : { kind: 'ollama', program: 'ollama', base, url: parsed.text('backend') ?? 'http://127.0.0.1:11434' };
}
