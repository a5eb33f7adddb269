/** *Backend Status*: what a backend is, what it can do, how busy it is, and what is missing; a page to read. */
import * as vscode from 'vscode';
import type { BackendDescription } from '../backend/backend.ts';
import { localPath, type PathMapping } from '../backend/openai/adapters.ts';
import type { BackendProbe, Capability, CapabilityCheck, ServedModel } from '../backend/probe.ts';
import type { GpuMemory, ServerLoad } from '../backend/serverLoad.ts';

export interface ServerStatus {
  readonly name: string;
  readonly probe: BackendProbe;
  /** Undefined: the server has no `/metrics`. */
  readonly load: ServerLoad | undefined;
  /** Of this machine; undefined: the server runs elsewhere, or there is no nvidia-smi. */
  readonly gpus: readonly GpuMemory[] | undefined;
  /** Folders here that are other folders there. */
  readonly paths: readonly PathMapping[];
}

const scheme = 'interlinear-status';

/** Pages that are only to be read: nothing to save, and a newer one replaces the older one of its name. */
export class StatusPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #pages = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.#pages.get(path) ?? '';
  }

  /** Rendered where the editor can, else as Markdown. */
  async show(name: string, content: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${name}.md` });
    this.#pages.set(uri.path, content);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri).then(undefined, () => vscode.window.showTextDocument(uri, { preview: true }));
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

export function serverPage({ name, probe, load, gpus, paths }: ServerStatus): string {
  const t = vscode.l10n.t;
  const facts = table([
    [t('Address'), probe.url],
    [t('Server'), `${probe.kind} ${probe.version ?? ''}`.trimEnd()],
    [t('Models'), probe.models.filter(({ parent }) => parent === undefined).map(({ id }) => code(id)).join(', ')],
    [t('Adapters'), probe.models.flatMap((model) => (model.parent === undefined ? [] : [adapterText(model, paths)])).join(', ')],
    [t('Prompt family'), probe.promptFamily],
    [t('Context'), probe.contextLength === undefined ? undefined : t('{0} tokens', probe.contextLength)],
    [t('Works on at once'), probe.slots?.toString()],
    [t('Requests'), load?.running === undefined ? undefined : t('{0} running, {1} waiting', load.running, load.waiting ?? 0)],
    [t('Cache in use'), load?.cacheUsed === undefined ? undefined : percent(load.cacheUsed)],
    [t('GPU memory'), gpuText(gpus)],
    [t('Fields that it refused'), probe.refusedFields.length === 0 ? undefined : probe.refusedFields.map(code).join(', ')],
  ]);
  const missing = probe.missing.map(({ capability, disables }) => `- **${labels()[capability]}**: ${disables}`);
  return page(name, [
    ...facts,
    `## ${t('What it can do')}`, '',
    '| | | |', '|---|---|---|',
    ...capabilityRows(probe.capabilities), '',
    ...(missing.length === 0 ? [] : [`## ${t('What is missing')}`, '', ...missing, '']),
  ]);
}

export function embeddedPage(name: string, found: BackendDescription): string {
  const t = vscode.l10n.t;
  return page(name, table([
    [t('Model'), `${code(found.model)} ${found.revision}`],
    [t('Languages'), found.languages === undefined ? t('any') : `${found.languages.sources.join(', ')} > ${found.languages.targets.join(', ')}`],
    [t('Prompt family'), found.promptFamily],
    [t('Context'), found.contextLength === undefined ? undefined : t('{0} tokens', found.contextLength)],
    [t('Runs on'), found.provider],
    [t('Not the one asked for'), found.providerNote],
  ]));
}

/** Where a server has started, how much memory its machine's GPUs have left is said with it. */
export function gpuText(gpus: readonly GpuMemory[] | undefined): string | undefined {
  return gpus?.map(({ name, used, total }) => vscode.l10n.t('{0}: {1} of {2} GiB', name, gibibytes(used), gibibytes(total))).join('; ');
}

/** With its folder as it is here, where a mapping tells. */
function adapterText({ id, root }: ServedModel, paths: readonly PathMapping[]): string {
  return root === undefined ? code(id) : `${code(id)} (${localPath(root, paths)})`;
}

function gibibytes(mebibytes: number): string {
  return (mebibytes / 1024).toFixed(1);
}

function page(name: string, lines: readonly string[]): string {
  return [`# ${name}`, '', ...lines].join('\n');
}

/** A row without a value is left out. */
function table(rows: readonly (readonly [string, string | undefined])[]): readonly string[] {
  const shown = rows.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [`| ${label} | ${escaped(value)} |`]));
  return ['| | |', '|---|---|', ...shown, ''];
}

const marks: Readonly<Record<CapabilityCheck['state'], string>> = { yes: '✔', no: '✘', unknown: '?' };

function capabilityRows(capabilities: BackendProbe['capabilities']): readonly string[] {
  const names = Object.keys(capabilities) as Capability[]; // the keys of a total record
  return names.map((name) => `| ${marks[capabilities[name].state]} | ${labels()[name]} | ${escaped(capabilities[name].detail)} |`);
}

function labels(): Readonly<Record<Capability, string>> {
  const t = vscode.l10n.t;
  return {
    chat: t('Chat'), rawCompletions: t('Raw completions'), manyChoices: t('Several candidates a request'), seed: t('Seeds'),
    logProbs: t('Log-probability of what it wrote'), promptLogProbs: t('Log-probability of any text'), structuredOutput: t('Structured output'),
    adapterLoading: t('Adapters while it runs'), tokenize: t('Counts tokens'),
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share).toString()} %`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A cell of a Markdown table. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
