/** The data card beside an export: what the rows are, who made them, what was left out. Pure. */
import { existingOrigin, type Signature } from '../candidate.ts';
import { canonicalJson, compareCodeUnits } from '../canonicalJson.ts';
import { sha256Hex, signatureHash } from '../hash.ts';
import { type DropCounts, mergeCounts } from './dropped.ts';
import type { TrlExport } from './exportTrl.ts';
import type { PairKind } from './pair.ts';
import type { JudgedPair } from './pairs.ts';

type Counts<K extends string = string> = Readonly<Partial<Record<K, number>>>;

export interface DataCard {
  readonly format: 'trl';
  /** Version of Interlinear that wrote the rows. */
  readonly version: string;
  readonly rows: number;
  /** SHA-256 of the file with the rows. */
  readonly sha256: string;
  readonly kinds: Counts<PairKind>;
  /** `en>ja`. */
  readonly directions: Counts;
  /** Rows that each reviewer had a part in. */
  readonly reviewers: Counts;
  /** Rows from which the likelihood term may learn. */
  readonly bc: number;
  /** Rows by which of their texts the target file held before the review. */
  readonly existing: Counts<'chosen' | 'rejected'>;
  /** Rows whose prompt lacks context that the model had seen. */
  readonly inexactPrompts: number;
  readonly dropped: DropCounts;
  readonly acceptedOverSeen: boolean;
  /** Whether pairs of held-out sources are among the rows, or left out and counted as `heldOut`. */
  readonly heldOut: 'included' | 'excluded';
  /** Damage that reading the store found, by kind. */
  readonly damage: Counts;
  /** How the judged candidates were made, by signature hash. */
  readonly signatures: Readonly<Record<string, { readonly rows: number; readonly signature: Signature }>>;
}

export interface CardParts {
  readonly version: string;
  readonly exported: TrlExport;
  readonly dropped: readonly DropCounts[];
  readonly acceptedOverSeen: boolean;
  readonly withHeldOut: boolean;
  readonly damage: readonly string[];
}

/** Has no time and no machine in it: equal input gives an equal card. */
export function buildCard({ version, exported, dropped, acceptedOverSeen, withHeldOut, damage }: CardParts): DataCard {
  const { pairs, rows, text } = exported;
  return {
    format: 'trl',
    version,
    rows: pairs.length,
    sha256: sha256Hex(text),
    kinds: countBy(pairs.map(({ kind }) => kind)),
    directions: countBy(pairs.map(({ sourceLanguage, targetLanguage }) => `${sourceLanguage}>${targetLanguage}`)),
    reviewers: countBy(pairs.flatMap(({ reviewers }) => reviewers)),
    bc: pairs.filter(({ bc }) => bc === 1).length,
    existing: countBy(pairs.flatMap(({ existing = [] }) => existing)),
    inexactPrompts: rows.filter(({ promptExact }) => !promptExact).length,
    dropped: mergeCounts([...dropped, exported.dropped]),
    acceptedOverSeen,
    heldOut: withHeldOut ? 'included' : 'excluded',
    damage: countBy(damage),
    signatures: collectSignatures(pairs),
  };
}

export function cardJson(card: DataCard): string {
  return `${canonicalJson(card)}\n`;
}

export function cardMarkdown(card: DataCard): string {
  const { rows, version, sha256, bc, inexactPrompts } = card;
  const parts = [
    '# Preference pairs\n',
    `${String(rows)} rows in TRL's standard format (\`prompt\`, \`chosen\`, \`rejected\`), written by Interlinear ${version}.`,
    `\`bc\` is 1 in ${String(bc)} rows: the likelihood term may learn from their \`chosen\`. It is 0 where the judgment was only relative.`,
    'The end token is not in the texts. Where `promptForm` is `user`, the chat template of the model goes around the prompt.',
    card.heldOut === 'included' ? 'Sources that the workspace holds out are among them: a model that is trained on these rows cannot be judged by its held-out set.' : 'Sources that the workspace holds out are not among them.',
    `${String(inexactPrompts)} rows have \`promptExact\` false: their candidates were made under a prompt with more context.\n`,
    `SHA-256 of the rows: \`${sha256}\`\n`,
    section('Kinds', card.kinds),
    section('Directions', card.directions),
    section('Reviewers', card.reviewers),
    section('Texts that the target file held before the review', card.existing),
    section('Left out', card.dropped),
    section('Damage found in the store', card.damage),
    `## Candidates were made by\n\n${signatureLines(card)}\n`,
  ];
  return parts.join('\n');
}

function section(title: string, counts: Counts): string {
  const lines = Object.entries(counts).map(([name, count]) => `| ${cell(name)} | ${String(count)} |`);
  const body = lines.length === 0 ? 'none' : ['| | rows |', '|---|---:|', ...lines].join('\n');
  return `## ${title}\n\n${body}\n`;
}

function signatureLines(card: DataCard): string {
  const lines = Object.entries(card.signatures).map(([hash, { rows, signature }]) => {
    const { backend, model, revision, promptFamily, seed, sampling, ranking } = signature;
    if (backend === existingOrigin) return `- \`${hash}\`: what the target file held, without a model: ${String(rows)} rows`;
    const how = `n ${String(sampling.n)}, T ${String(sampling.temperature)}, seed ${String(seed)}, ranked by ${ranking.utility}`;
    return `- \`${hash}\`: ${cell(model)} (${cell(revision)}), prompt ${cell(promptFamily)}, ${how}: ${String(rows)} rows`;
  });
  return lines.length === 0 ? 'none' : lines.join('\n');
}

/** Names come from people and servers: they must not become markup. */
function cell(name: string): string {
  return name.replace(/[\s|]+/gu, ' ').replace(/[\\`*_[\]<>#]/gu, (mark) => `\\${mark}`);
}

function collectSignatures(pairs: readonly JudgedPair[]): DataCard['signatures'] {
  const found = new Map<string, { rows: number; readonly signature: Signature }>();
  for (const { signature } of pairs) {
    const hash = signatureHash(signature);
    const entry = found.get(hash) ?? { rows: 0, signature };
    found.set(hash, entry);
    entry.rows += 1;
  }
  return Object.fromEntries([...found].sort(([a], [b]) => compareCodeUnits(a, b)));
}

function countBy<K extends string>(names: readonly K[]): Counts<K> {
  const counts = new Map<K, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => compareCodeUnits(a, b));
  // fromEntries forgets the key type that the map had.
  return Object.fromEntries(sorted) as Counts<K>;
}
