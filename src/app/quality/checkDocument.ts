import { Places } from '../../core/document/place.ts';
import { isRunningText } from '../../core/document/codecs.ts';
import { pairBlocks } from '../../core/document/blockPairs.ts';
import type { Codec, ParsedDocument, Segment, TextRange } from '../../core/document/segment.ts';
import { entryKey } from '../../core/document/icuUnits.ts';
import { formName } from '../../core/document/segmentPlace.ts';
import { byKey, isAbsent, translationIn } from '../../core/document/unitTarget.ts';
import type { Dismissal } from '../../core/judgment/events.ts';
import { checkTranslation } from '../../core/quality/checks.ts';
import type { Glossary } from '../../core/glossary/glossary.ts';
import type { Finding } from '../../core/quality/check.ts';
import { lostArguments } from '../../core/quality/icu.ts';
import { lostSpans } from '../../core/quality/spans.ts';
import { documentFindings } from '../../core/quality/document.ts';
import { sameAsSource } from '../../core/quality/text.ts';
import { undismissed } from '../../core/quality/dismissed.ts';
import { packPlaces, type Acceptance, type CheckedDocument, type PlacedFinding, type Span } from '../../protocol/checking.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { OpenedDocument } from '../openDocument.ts';
import { TranslationSlot } from './translationSlot.ts';

export interface CheckRequest {
  readonly document: Pick<OpenedDocument, 'codec' | 'parsed'>;
  /** The file that holds the translations; the document itself where it is bilingual. */
  readonly target: ParsedDocument;
  readonly languages: LanguagePair;
  readonly glossary?: Glossary;
  /** By segment. */
  readonly dismissed?: ReadonlyMap<string, readonly Dismissal[]>;
  /** By segment. */
  readonly acceptances?: ReadonlyMap<string, Acceptance>;
  /** Called after every segment; rejects to stop. */
  readonly breathe?: () => Promise<void> | undefined;
}

interface Pair {
  readonly segment: Segment;
  /** Of the target file. */
  readonly found: Segment;
  readonly translation: string;
  /** The plural form that the target file lacks; the translation is then none. */
  readonly absent?: string | undefined;
}

/** Checks every translation that the target file holds, in document order. Linear but for the pairing of running text. */
export async function checkDocument(request: CheckRequest): Promise<CheckedDocument> {
  const { document, target, dismissed, breathe } = request;
  const pairs = pairsOf(document.codec, document.parsed, target);
  const whole = documentFindings(pairs.filter(isTranslated).map(({ segment: { id, source, block, kind }, translation }) => ({ id, source, block, kind, translation })), request.languages.target);
  const [here, there] = [new Places(target.text), new Places(document.parsed.text)];
  const begun = new Set(pairs.filter((pair) => pair.absent === undefined && isTranslated(pair)).map(({ segment }) => messageOf(segment)));
  const findings: PlacedFinding[] = [];
  const places = new Map<string, Span>();
  const compared = new Set<string>();
  for (const { segment, found, translation, absent } of pairs) {
    if (absent !== undefined && !begun.has(messageOf(segment))) continue;
    const slot = new TranslationSlot(target.text, found, translation);
    const of = (range: TextRange): Span => ({ start: here.of(range.start), end: here.of(range.end) });
    places.set(segment.id, of(slot.range));
    const own: readonly Finding[] = absent === undefined ? withMessage([...checkPair(request, segment, translation), ...spanFindings(request, segment, found)], { segment, found }, compared) : [{ check: 'pluralForms', severity: 'error', detail: absent }];
    const told = new Set(own.map(({ check }) => check));
    const all = [...own, ...(whole.get(segment.id) ?? []).filter(({ check }) => check === 'consistency' || !told.has(check))];
    for (const finding of undismissed(all, dismissed?.get(segment.id) ?? [])) {
      const { start, end } = of(slot.placeOf(finding.range));
      const edit = finding.fix === undefined ? undefined : slot.editTo(finding.fix, document.codec);
      const about = { segment: segment.id, source: segment.source, translation, sourceLine: there.of(segment.range.start).line };
      findings.push({ ...finding, ...start, end, ...about, ...(edit === undefined ? {} : { edit }) });
    }
    await breathe?.();
  }
  return { findings, places: packPlaces(places) };
}

function checkPair({ languages, glossary, acceptances }: CheckRequest, { id, source, unit }: Segment, translation: string): readonly Finding[] {
  const accepted = acceptances?.get(id);
  const input = { source, translation, sourceLanguage: languages.source, targetLanguage: languages.target, terms: glossary?.termsOf(source) ?? [], ...(accepted?.text === translation ? { acceptance: accepted } : {}) };
  if (!isTranslated({ segment: { source }, translation })) return sameAsSource(input);
  return checkTranslation(unit?.maxLength === undefined ? input : { ...input, maxLength: unit.maxLength });
}

/** Of running text alone: what structured formats protect is found by its form. */
function spanFindings({ document: { codec }, languages }: CheckRequest, segment: Segment, found: Segment): readonly Finding[] {
  const { id } = codec;
  return id === 'markdown' || id === 'mdx' ? lostSpans(segment, found, languages) : [];
}

/** With what a whole message has lost and its first branch does not tell. @param compared messages that were looked at */
function withMessage(findings: readonly Finding[], { segment, found }: Pick<Pair, 'segment' | 'found'>, compared: Set<string>): readonly Finding[] {
  const [source, translation] = [segment.unit?.branch?.message, found.unit?.branch?.message];
  if (source === undefined || translation === undefined || compared.size === compared.add(messageOf(segment)).size) return findings;
  const told = new Set(findings.map(({ detail }) => detail.replace(/,.*/su, '}')));
  return [...findings, ...lostArguments(source, translation).filter(({ detail }) => !told.has(detail))];
}

/** Whoever translates a file segment by segment has the source where nothing was accepted yet: it is no translation to be judged. */
function isTranslated({ segment, translation }: { readonly segment: Pick<Segment, 'source'>; readonly translation: string }): boolean {
  return segment.source.trim() !== translation.trim();
}

// eslint-disable-next-line no-control-regex -- gettext's own separator stands in the keys
const isGettextForm = /\u0004\d+$/u;

/** What the plural forms of one message have in common: they are asked for once somebody has begun to translate it. */
function messageOf({ id, unit }: Segment): string {
  const { key = id, plural, branch } = unit ?? {};
  if (branch !== undefined) return entryKey({ key, branch });
  const at = plural === undefined || isGettextForm.test(key) ? -1 : key.lastIndexOf(plural);
  return at < 0 ? key.replace(isGettextForm, '') : key.slice(0, at);
}

function pairsOf(codec: Codec, parsed: ParsedDocument, target: ParsedDocument): readonly Pair[] {
  if (isRunningText(codec)) return runningPairs(parsed, target);
  const there = byKey(target);
  return parsed.segments.flatMap((segment): readonly Pair[] => {
    const found = there.get(segment.unit?.key ?? '');
    const translation = found === undefined ? '' : translationIn(found, codec.bilingual === true);
    if (found === undefined || translation === '') return [];
    return [{ segment, found, translation, absent: isAbsent(found) && found.unit !== undefined ? formName(found.unit) : undefined }];
  });
}

/** Shorter sentences may well stand in a translation as they are. */
const verbatimFrom = 20;

/**
 * Sentence by sentence where both sides of a block have as many, else the whole block on its first sentence. What holds a sentence
 * of the source is not translated yet, at least not all of it.
 */
function runningPairs(source: ParsedDocument, target: ParsedDocument): readonly Pair[] {
  return pairBlocks(source, target).flatMap(([from, to]) => {
    const matching = from.length === to.length;
    const [left, right] = matching ? [from, to] : [wholeBlock(source, from), wholeBlock(target, to)];
    return left.flatMap((segment, index): readonly Pair[] => {
      const found = right[index];
      if (found === undefined || from.some(({ source: text }) => text === found.source || ((!matching || text.length >= verbatimFrom) && found.source.includes(text)))) return [];
      return [{ segment, found, translation: found.source }];
    });
  });
}

/** All sentences of a block as one segment, which has the name of the first. */
function wholeBlock({ text }: ParsedDocument, segments: readonly Segment[]): readonly Segment[] {
  const [first, last] = [segments[0], segments.at(-1)];
  if (first === undefined || last === undefined) return [];
  const range = { start: first.range.start, end: last.range.end };
  const protectedSpans = segments.flatMap(({ range: { start }, protectedSpans: spans }) => spans.map((span) => ({ ...span, range: { start: span.range.start + start - range.start, end: span.range.end + start - range.start } })));
  return [{ ...first, range, source: text.slice(range.start, range.end), protectedSpans }];
}
