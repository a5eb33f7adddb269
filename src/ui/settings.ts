import * as os from 'node:os';
import * as vscode from 'vscode';
import { parseProfile, type BackendProfile } from '../app/backendProfile.ts';
import type { ColumnChoice } from '../core/document/columns.ts';
import type { RankingSettings } from '../core/candidate.ts';
import { providers, type EngineSettings, type Provider } from '../protocol/engine.ts';
import { parseAlignment, parseColumns, parseEngineSettings, parseRunSettings, type AlignmentSettings, type RunSettings } from '../app/settings.ts';
import type { PropagationSettings } from '../app/review/propagation.ts';
import { defaultHost } from '../jobs/models/hub.ts';
import { parseGateSettings, type GateSettings } from '../app/training/gateSettings.ts';

/** Every setting of the extension is read here, through one schema, and nowhere else. */
export interface FolderSettings {
  readonly targetLanguage: string | undefined;
  readonly sourceLanguage: string | undefined;
  readonly targetPaths: Readonly<Record<string, string>>;
  /** Of CSV and TSV files; undefined: as their headers say. */
  readonly tableColumns: ColumnChoice | undefined;
  readonly backend: string | undefined;
  readonly blind: boolean;
  /** Share of all sources that is held out for the gate when documents come in, 0 to 0.5. */
  readonly heldOutShare: number;
  /** Segments after the one in focus that are translated before the others. */
  readonly ahead: number;
  /** What the translation memory gives: candidates at most, their least score, and how many are examples in prompts. */
  readonly memory: { readonly count: number; readonly least: number; readonly examples: number };
  readonly propagation: PropagationSettings;
  /** From the folder, or absolute; undefined: the usual place, where it need not be. */
  readonly glossary: string | undefined;
  readonly run: RunSettings;
  /** A profile's name, and the project's principles beside the fixed ones. */
  readonly critic: { readonly backend: string | undefined; readonly principles: readonly string[] };
}

export interface MachineSettings {
  readonly backends: readonly BackendProfile[];
  /** What is wrong with the entries that are left out, one line an entry. */
  readonly invalidBackends: readonly string[];
  readonly modelFolder: string | undefined;
  /** Folder of the COMET model that ranks where the utility is `comet`. */
  readonly rankingModelFolder: string | undefined;
  /** Folder of the CometKiwi model that ranks where the utility is `cometkiwi`. */
  readonly qualityModelFolder: string | undefined;
  /** Address of the utility that ranks where the utility is `http`. */
  readonly utilityUrl: string | undefined;
  /** Hub or mirror that models are downloaded from, without a slash at the end. */
  readonly modelsHost: string;
  readonly reviewer: string;
  /** The interpreter that trains; undefined: the private environment. */
  readonly trainerPython: string | undefined;
  /** What runs models of the engine. */
  readonly provider: Provider;
  /** What the engine may use. */
  readonly engine: EngineSettings;
}

const blankToUndefined = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

const stringsOf = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** @throws AppError `input.invalid` naming the setting. */
export function readFolderSettings(resource: vscode.Uri): FolderSettings {
  const config = vscode.workspace.getConfiguration('interlinear', resource);
  return {
    targetLanguage: blankToUndefined(config.get('targetLanguage', '')),
    sourceLanguage: blankToUndefined(config.get('sourceLanguage', '')),
    targetPaths: stringsOf(config.get('targetPaths', {})),
    tableColumns: parseColumns(config.get('tableColumns', {})),
    backend: blankToUndefined(config.get('backend', '')),
    blind: config.get('review.blind', false),
    heldOutShare: Math.min(Math.max(config.get('heldOut.share', 10), 0), 50) / 100,
    ahead: config.get('review.ahead', 5),
    critic: {
      backend: blankToUndefined(config.get('critic.backend', '')),
      principles: config.get<readonly unknown[]>('critic.principles', []).filter((text) => typeof text === 'string'),
    },
    glossary: blankToUndefined(config.get('glossary', '')),
    propagation: { repeats: config.get('propagation.repeats', true), least: config.get('propagation.leastScore', 80) },
    memory: { count: config.get('memory.matches', 3), least: config.get('memory.leastScore', 70), examples: config.get('memory.examples', 3) },
    run: parseRunSettings({
      candidates: config.get('candidates'),
      seed: config.get('seed'),
      temperature: config.get<number | null>('sampling.temperature') ?? undefined,
      topP: config.get('sampling.topP'),
      topK: config.get('sampling.topK'),
      contextTokens: config.get('document.contextTokens'),
      adaptive: config.get('sampling.adaptive'),
      brief: config.get('prompt.brief'),
      auxiliary: config.get('prompt.auxiliary'),
      ranking: {
        utility: config.get('ranking.utility'),
        includeSelf: config.get('ranking.includeSelf'),
        weights: config.get('ranking.weights'),
        lambda: config.get('ranking.lambda'),
        normalisation: config.get('ranking.normalisation'),
      },
    }),
  };
}

/** What the gate of a job in this folder asks for. @throws AppError `input.invalid` naming the setting. */
export function readGateSettings(resource: vscode.Uri): GateSettings {
  const config = vscode.workspace.getConfiguration('interlinear', resource);
  return parseGateSettings({
    winRate: config.get('gate.winRate'), pairAccuracy: config.get('gate.pairAccuracy'), chrf: config.get('gate.chrf'), drift: config.get('gate.drift'),
    omission: config.get('gate.omission'), diversity: config.get('gate.diversity'), metric: config.get('gate.metric'), draws: config.get('gate.draws'),
  });
}

/** @throws AppError `input.invalid` naming the setting. */
export function readAlignmentSettings(resource: vscode.Uri): AlignmentSettings {
  const config = vscode.workspace.getConfiguration('interlinear', resource);
  return parseAlignment({
    aligner: config.get('alignment.aligner'),
    modelFolder: config.get('alignment.modelFolder'),
    spanModelFolder: config.get('alignment.spanModelFolder'),
    spanRule: config.get('alignment.spanRule'),
  });
}

/** Profiles that do not parse are left out here; the choice of a backend names what is wrong with them. */
export function readMachineSettings(): MachineSettings {
  const config = vscode.workspace.getConfiguration('interlinear');
  const profiles = config.get<unknown[]>('backends', []).map(parseProfile);
  return {
    backends: profiles.flatMap((parsed) => (parsed.ok ? [parsed.value] : [])),
    invalidBackends: profiles.flatMap((parsed, index) => (parsed.ok ? [] : [`${index + 1}: ${parsed.reason}`])),
    modelFolder: blankToUndefined(config.get('modelFolder', '')),
    rankingModelFolder: blankToUndefined(config.get('ranking.modelFolder', '')),
    qualityModelFolder: blankToUndefined(config.get('ranking.qualityModelFolder', '')),
    utilityUrl: blankToUndefined(config.get('ranking.utilityUrl', '')),
    modelsHost: (blankToUndefined(config.get('models.host', '')) ?? defaultHost).replace(/\/+$/u, ''),
    provider: providers.find((name) => name === config.get('engine.provider', 'cpu')) ?? 'cpu',
    engine: parseEngineSettings({ memoryLimit: config.get('engine.memoryLimit'), idleMinutes: config.get('engine.idleMinutes') }),
    reviewer: blankToUndefined(config.get('reviewer', '')) ?? accountName(),
    trainerPython: blankToUndefined(config.get('trainer.python', '')),
  };
}

/** Stores the answers to "which language, which backend" in the folder, so that they are asked once. */
export async function saveFolderChoice(resource: vscode.Uri, choice: { readonly targetLanguage: string; readonly backend: string }): Promise<void> {
  const config = vscode.workspace.getConfiguration('interlinear', resource);
  const scope = vscode.ConfigurationTarget.WorkspaceFolder;
  await config.update('targetLanguage', choice.targetLanguage, scope);
  await config.update('backend', choice.backend, scope);
}

/** The folder becomes the ranking model of this machine, and COMET the utility. */
export async function saveRankingModel(folder: string): Promise<void> {
  await vscode.workspace.getConfiguration('interlinear').update('ranking.modelFolder', folder, vscode.ConfigurationTarget.Global);
  await saveUtility('comet');
}

/** The folder becomes what estimates quality on this machine, and its estimates give the order. */
export async function saveQualityModel(folder: string): Promise<void> {
  await vscode.workspace.getConfiguration('interlinear').update('ranking.qualityModelFolder', folder, vscode.ConfigurationTarget.Global);
  await saveUtility('cometkiwi');
}

/** The folder becomes the aligner: of heatmaps and coverage, or of single candidates by spans. For the workspace where there is one. */
export async function saveAligner(kind: 'awesome' | 'wspalign', folder: string): Promise<void> {
  const config = vscode.workspace.getConfiguration('interlinear');
  const scope = vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  if (kind === 'wspalign') {
    await config.update('alignment.spanModelFolder', folder, scope);
    return;
  }
  await config.update('alignment.modelFolder', folder, scope);
  await config.update('alignment.aligner', 'embedding', scope);
}

/** What differs from what holds already is written to the folder. */
export async function saveRanking(resource: vscode.Uri, ranking: RankingSettings): Promise<void> {
  const config = vscode.workspace.getConfiguration('interlinear', resource);
  const before = readFolderSettings(resource).run.ranking;
  const scope = vscode.ConfigurationTarget.WorkspaceFolder;
  if (ranking.utility !== before.utility) await config.update('ranking.utility', ranking.utility, scope);
  if (ranking.includeSelf !== before.includeSelf) await config.update('ranking.includeSelf', ranking.includeSelf, scope);
  if (ranking.weights !== before.weights) await config.update('ranking.weights', ranking.weights, scope);
  if (ranking.lambda !== before.lambda) await config.update('ranking.lambda', ranking.lambda, scope);
  if (ranking.normalisation !== before.normalisation) await config.update('ranking.normalisation', ranking.normalisation, scope);
}

/** For the workspace where there is one, else for the user. */
export async function saveUtility(utility: RankingSettings['utility']): Promise<void> {
  const scope = vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('interlinear').update('ranking.utility', utility, scope);
}

/** Undefined goes back to the private environment. */
export async function saveTrainerPython(python: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('interlinear').update('trainer.python', python, vscode.ConfigurationTarget.Global);
}

function accountName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // Some containers run under an id without an account.
    return 'reviewer';
  }
}
