/** What a workspace folder knows beside the text at hand: its translation memory and its glossary, as a review uses them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Glossaries, glossaryIn } from '../app/glossaryFile.ts';
import { heldOutSources } from '../app/memory/heldOutSources.ts';
import type { Remembering } from '../app/memory/memoryThread.ts';
import { importTmx } from '../app/memory/transfer.ts';
import { WorkspaceMemory } from '../app/memory/workspaceMemory.ts';
import type { OpenedDocument } from '../app/openDocument.ts';
import { AppError } from '../core/errors.ts';
import { SessionMemory, type MemoryAccess } from '../app/review/sessionMemory.ts';
import { auxiliaryPair, wholeMatch } from '../app/translation/auxiliary.ts';
import type { RunContext } from '../app/translation/translateSegment.ts';
import type { MatchLimits, MemoryMatch, MemoryQuery } from '../core/memory/unit.ts';
import { sentenceFor } from '../messages.ts';
import type { LanguagePair } from '../protocol/worker.ts';
import type { FileSystem } from '../store/fileSystem.ts';
import { MemoryFiles } from '../store/memory/memoryFiles.ts';
import { StoreFolder } from '../store/storeFolder.ts';
import { nodeStoreParts, openWorkspaceStore } from '../store/workspaceStore.ts';
import { invalid, resolvePath, type Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

export const knowledgeOptions = {
  workspace: { type: 'string' }, memory: { type: 'string', multiple: true }, matches: { type: 'string' }, glossary: { type: 'string' },
} as const;

export type Knowledge = Pick<RunContext, 'memory' | 'glossary' | 'auxiliary'>;

export interface KnowledgeRequest {
  readonly document: Pick<OpenedDocument, 'path' | 'parsed'>;
  readonly languages: LanguagePair;
  readonly parsed: Arguments;
  readonly context: CommandContext;
}

/** As the settings of a review are by default. */
const usualMatches = 3;
const leastScore = 70;

/** @throws AppError of a TMX file or a glossary that cannot be read */
export async function withKnowledge<T>(request: KnowledgeRequest, work: (knowledge: Knowledge) => Promise<T>): Promise<T> {
  const { parsed, context, languages } = request;
  const root = await workspaceOf(request);
  const named = parsed.text('glossary');
  const path = await glossaryIn(context.fs, root, named === undefined ? undefined : resolvePath(context.cwd, named));
  const glossary = path === undefined ? {} : { glossary: await new Glossaries(context.fs).of(path, languages) };
  const count = parsed.integer('matches', { min: 0, max: 20, fallback: usualMatches });
  if (count === 0) {
    if (parsed.texts('memory').length > 0 || parsed.text('pmp') === 'memory') throw invalid('--matches 0', 'leaves the memory out, but --memory or --pmp memory asks for it');
    return work(glossary);
  }
  const memories = await Memories.open(request, root);
  try {
    const memory = { examples: count, matches: memories.matchesFor(request, { root, limits: { count, least: leastScore } }) };
    return await withAuxiliary(request, { root, memories }, (auxiliary) => work({ ...glossary, memory, ...auxiliary }));
  } finally {
    await memories.close();
  }
}

/** The memory in the direction of the auxiliary language, where `--pmp memory` asks for it. */
async function withAuxiliary<T>(request: KnowledgeRequest, beside: { readonly root: string; readonly memories: Memories }, work: (knowledge: Pick<Knowledge, 'auxiliary'>) => Promise<T>): Promise<T> {
  const { root } = beside;
  if (request.parsed.text('pmp') !== 'memory') {
    refuseEmpty([beside.memories]);
    return work({});
  }
  const pair = auxiliaryPair(request.languages);
  if (pair === undefined) throw invalid('--pmp memory', `the method has no auxiliary language from ${request.languages.source} to ${request.languages.target}`);
  const related = { ...request, languages: pair };
  const memories = await Memories.open(related, root);
  try {
    refuseEmpty([beside.memories, memories]);
    return await work({ auxiliary: memories.matchesFor(related, { root, limits: wholeMatch, proposals: false }) });
  } finally {
    await memories.close();
  }
}

/** A file that was named has to be of use in one direction. @throws AppError `document.empty` */
function refuseEmpty([first, ...others]: readonly [Memories, ...Memories[]]): void {
  const path = first.empty.find((file) => others.every(({ empty }) => empty.includes(file)));
  if (path !== undefined) throw new AppError('document.empty', { path });
}

/** The folder that is named, else the nearest one above the file that has anything of ours, else the current one. */
async function workspaceOf({ document, parsed, context: { cwd, fs } }: KnowledgeRequest): Promise<string> {
  const named = parsed.text('workspace');
  if (named !== undefined) return resolvePath(cwd, named);
  for (let folder = dirname(resolvePath(cwd, document.path)); ; folder = dirname(folder)) {
    if (await fs.stat(join(folder, '.interlinear')) !== undefined) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** The folder's own memory, and TMX files for this run alone, in a folder that goes with it. */
class Memories {
  readonly #all: readonly WorkspaceMemory[];
  readonly #passing: string | undefined;
  /** Files that were named and hold nothing in this direction. */
  readonly empty: readonly string[];

  private constructor(all: readonly WorkspaceMemory[], { folder, empty }: { readonly folder: string | undefined; readonly empty: readonly string[] }) {
    this.#all = all;
    this.#passing = folder;
    this.empty = empty;
  }

  static async open({ languages, parsed, context }: KnowledgeRequest, root: string): Promise<Memories> {
    const files = parsed.texts('memory').map((file) => resolvePath(context.cwd, file));
    const passing = files.length === 0 ? undefined : await mkdtemp(join(tmpdir(), 'interlinear-memory-'));
    try {
      const empty: string[] = [];
      if (passing !== undefined) for (const file of files) if (!await holds(file, { into: passing, languages, context })) empty.push(file);
      const heldOut = await heldOutSources(context.fs, root);
      const all = await Promise.all([root, ...passing === undefined ? [] : [passing]].map((folder) => WorkspaceMemory.open({
        store: openWorkspaceStore(folder, nodeStoreParts()), files: filesOf(context.fs, folder), languages, heldOut,
      }, context.signal)));
      for (const problem of all.flatMap(({ problems }) => problems)) context.note(sentenceFor(problem));
      return new Memories(all, { folder: passing, empty });
    } catch (thrown) {
      if (passing !== undefined) await rm(passing, { recursive: true, force: true });
      throw thrown;
    }
  }

  /** Matches of the document's segments by their ids, with their neighbours as in a review. */
  matchesFor({ document: { path, parsed }, languages, context }: KnowledgeRequest, { root, ...asked }: Pick<MemoryAccess, 'root' | 'limits' | 'proposals'>): NonNullable<RunContext['memory']>['matches'] {
    const remembering: Remembering = {
      query: ({ queries, limits }) => Promise.resolve({ matches: queries.map((query) => this.#query(query, limits)), problems: [] }),
      put: () => Promise.resolve(),
    };
    const key = relative(root, resolvePath(context.cwd, path)).replaceAll('\\', '/');
    const access: MemoryAccess = { remembering, root, ...asked, onProblem: (problem) => { context.note(sentenceFor(problem)); } };
    const memory = SessionMemory.open(access, { key, segments: parsed.segments }, languages);
    return async (segment, signal) => (await memory).matches(segment, signal);
  }

  async close(): Promise<void> {
    for (const memory of this.#all) memory.close();
    if (this.#passing !== undefined) await rm(this.#passing, { recursive: true, force: true });
  }

  #query(query: MemoryQuery, limits: MatchLimits): readonly MemoryMatch[] {
    const found = this.#all.flatMap((memory) => memory.query(query, limits));
    const best = found.toSorted((a, b) => b.score - a.score || Number(b.kind === 'context') - Number(a.kind === 'context'));
    return [...new Map(best.toReversed().map((match) => [match.unit.target, match])).values()].toReversed().slice(0, limits.count);
  }
}

/** Whether a TMX file holds anything in a direction; what it holds is taken in. */
async function holds(file: string, { into, languages, context }: { readonly into: string } & Pick<KnowledgeRequest, 'languages' | 'context'>): Promise<boolean> {
  try {
    await importTmx(context.fs, filesOf(context.fs, into), { file, only: languages }, { signal: context.signal, onProgress: () => undefined });
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'document.empty') return false;
    throw thrown;
  }
}

function filesOf(fs: FileSystem, root: string): MemoryFiles {
  return new MemoryFiles(new StoreFolder(root, fs));
}
