import { placeOf } from '../core/document/place.ts';
import { isRunningText } from '../core/document/codecs.ts';
import { pairBlocks } from '../core/document/blockPairs.ts';
import type { ParsedDocument, Segment } from '../core/document/segment.ts';
import { byKey, isAbsent, translationIn } from '../core/document/unitTarget.ts';
import { checkTranslation } from '../core/quality/checks.ts';
import type { Finding, Term } from '../core/quality/check.ts';
import { consistency } from '../core/quality/candidates.ts';
import type { LanguagePair } from '../protocol/worker.ts';
import type { OpenedDocument } from './openDocument.ts';

/** A finding with its place in the file that holds the translation. */
export interface PlacedFinding extends Finding {
  readonly segment: string;
  readonly source: string;
  readonly translation: string;
  readonly line: number;
  readonly column: number;
}

export interface CheckRequest {
  readonly document: OpenedDocument;
  /** The file that holds the translations; the document itself where it is bilingual. */
  readonly target: ParsedDocument;
  readonly languages: LanguagePair;
  readonly terms?: readonly Term[];
}

interface Pair {
  readonly segment: Segment;
  readonly translation: string;
  /** The plural form that the target file lacks; the translation is then none. */
  readonly absent?: string | undefined;
  /** Of the slot in the target file. */
  readonly offset: number;
}

/** Checks every translation that the target file holds, in document order. Linear but for the pairing of running text. */
export function checkDocument(request: CheckRequest): readonly PlacedFinding[] {
  const { languages, target, terms = [] } = request;
  const pairs = pairsOf(request);
  const doubled = consistency(pairs.map(({ segment, translation }) => ({ id: segment.id, source: segment.source, translation })));
  return pairs.flatMap(({ segment, translation, absent, offset }) => {
    const { source, unit, id } = segment;
    const input = { source, translation, sourceLanguage: languages.source, targetLanguage: languages.target, terms };
    const found: readonly Finding[] = absent === undefined ? checkTranslation(unit?.maxLength === undefined ? input : { ...input, maxLength: unit.maxLength }) : [{ check: 'pluralForms', severity: 'error', detail: absent }];
    const place = placeOf(target.text, offset);
    return [...found, ...(doubled.get(id) ?? [])].map((finding) => ({ ...finding, ...place, segment: id, source, translation }));
  });
}

function pairsOf({ document, target }: CheckRequest): readonly Pair[] {
  const { codec, parsed } = document;
  if (isRunningText(codec)) return runningPairs(parsed, target);
  const there = byKey(target);
  return parsed.segments.flatMap((segment): readonly Pair[] => {
    const found = there.get(segment.unit?.key ?? '');
    const translation = found === undefined ? '' : translationIn(found, codec.bilingual === true);
    if (found === undefined || translation === '') return [];
    return [{ segment, translation, absent: isAbsent(found) ? found.unit?.plural : undefined, offset: found.range.start }];
  });
}

/** Sentence by sentence where both sides of a block have as many. */
function runningPairs(source: ParsedDocument, target: ParsedDocument): readonly Pair[] {
  return pairBlocks(source, target).flatMap(([from, to]) => (from.length !== to.length ? [] : from.flatMap((segment, index): readonly Pair[] => {
    const found = to[index];
    return found === undefined || found.source === segment.source ? [] : [{ segment, translation: found.source, offset: found.range.start }];
  })));
}
