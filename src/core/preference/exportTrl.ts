/**
 * Preference rows as TRL's CPO trainer reads them: standard rows of strings, one JSON object a line (TRL,
 * docs/source/dataset_formats.md). Pure.
 *
 * A row must show the model what it sees and writes when it translates. There, inline code, links and tags are masked as
 * ⟦1⟧ (core/document/placeholders.ts), while sets and judgments hold plain texts: so the exporter masks again, by the
 * `mask` it is given, which needs the format of the document. A text into which the placeholders cannot be put back is
 * dropped and counted. The end token is not written: the trainer adds it, and doubled ends are learned.
 */
import type { SegmentRef } from '../candidate.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { AppError } from '../errors.ts';
import { type DropCounts, type DropReason, Tally } from './dropped.ts';
import type { PairKind } from './pair.ts';
import type { JudgedPair } from './pairs.ts';
import type { PromptForm } from './prompt.ts';
import { losesInstruction, type PromptChoice, promptOfPair } from './promptOf.ts';

export interface TrlRow {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  /** 1: the likelihood term may learn from `chosen`. */
  readonly bc: 0 | 1;
  readonly kind: PairKind;
  /** `user`: the chat template of the trained model still goes around the prompt. */
  readonly promptForm: PromptForm;
  /** False: candidates were made under a prompt that also held context, which the row's prompt lacks. */
  readonly promptExact: boolean;
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly document: string;
  readonly segment: string;
  readonly reviewers: readonly string[];
  readonly set: string;
  readonly events: readonly string[];
}

/** A segment as the model sees it. */
export interface MaskedForExport {
  readonly source: string;
  /** A translation with its placeholders masked; undefined when they are not all there. */
  readonly target: (text: string) => string | undefined;
}

export interface TrlOptions extends PromptChoice {
  /** Undefined for a segment whose masked form cannot be rebuilt. Absent: no document has placeholders. */
  readonly mask?: (segment: SegmentRef) => MaskedForExport | undefined;
}

export interface TrlExport {
  readonly rows: readonly TrlRow[];
  /** The rows in JSON Lines, keys sorted: equal pairs give equal bytes. */
  readonly text: string;
  /** What could not be rendered; to be added to what making the pairs dropped. */
  readonly dropped: DropCounts;
  /** The pairs that became rows, in the same order. */
  readonly pairs: readonly JudgedPair[];
}

export function exportTrl(pairs: readonly JudgedPair[], options: TrlOptions): TrlExport {
  const tally = new Tally();
  const rendered = pairs.flatMap((pair) => {
    const row = renderRow(pair, options);
    if (typeof row !== 'string') return [{ pair, row }];
    tally.add(row);
    return [];
  });
  const rows = rendered.map(({ row }) => row);
  return {
    rows,
    text: rows.map((row) => `${canonicalJson(row)}\n`).join(''),
    dropped: tally.counts(),
    pairs: rendered.map(({ pair }) => pair),
  };
}

/** The row, or why there is none. */
function renderRow(pair: JudgedPair, options: TrlOptions): TrlRow | DropReason {
  const texts = maskTexts(pair, options);
  if (texts === undefined) return 'placeholders';
  if (losesInstruction(pair, options)) return 'instruction';
  const prompt = promptOfPair({ ...pair, source: texts.source }, options);
  if (prompt === undefined) return 'unknownPrompt';
  const written = [texts.source, texts.chosen, texts.rejected];
  if (prompt.controlTokens.some((token) => written.some((text) => text.includes(token)))) return 'controlTokens';
  const { source, sourceLanguage, targetLanguage, document, segment, reviewers, set, events, bc, kind } = pair;
  return {
    prompt: prompt.text, promptForm: prompt.form, promptExact: prompt.exact,
    chosen: texts.chosen, rejected: texts.rejected, bc, kind,
    source, sourceLanguage, targetLanguage, document, segment, reviewers, set, events,
  };
}

function maskTexts(
  { segmentRef, source, chosen, rejected }: JudgedPair,
  { mask }: TrlOptions,
): { readonly source: string; readonly chosen: string; readonly rejected: string } | undefined {
  if (mask === undefined) return { source, chosen, rejected };
  const masked = maskOrNothing(mask, segmentRef);
  const [better, worse] = [masked?.target(chosen), masked?.target(rejected)];
  if (masked === undefined || better === undefined || worse === undefined) return undefined;
  return { source: masked.source, chosen: better, rejected: worse };
}

/** A document of a format that is not known any more must not stop the export of the others. */
function maskOrNothing(mask: NonNullable<TrlOptions['mask']>, segment: SegmentRef): MaskedForExport | undefined {
  try {
    return mask(segment);
  } catch (thrown) {
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
}
