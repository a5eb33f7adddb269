import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { SaxesParser } from 'saxes';
import { codecById } from '../../src/core/document/codecs.ts';
import { wholeText } from '../../src/core/document/lazyUnits.ts';
import { xliff } from '../../src/core/document/xliff.ts';
import { markdown } from '../../src/core/document/markdown.ts';
import { plainText } from '../../src/core/document/plainText.ts';
import type { Codec } from '../../src/core/document/segment.ts';
import { composeTarget, locateSegments } from '../../src/core/document/target.ts';
import { formatFiles } from './support/formatFiles.ts';
import { largeXliff } from './support/largeXliff.ts';
import { longLetter } from './support/longLetter.ts';
import { median, timeRuns } from './support/figures.ts';
import type { Bench, Emit } from './support/figures.ts';

const options = { path: 'bench.md', sourceLanguage: 'en' };

function speed(codec: Codec, text: string): { readonly value: number; readonly n: number } {
  const times = timeRuns(() => { codec.parse(text, options); }, 5, 2);
  return { value: text.length / 1e6 / (median(times) / 1000), n: times.length };
}

function parsing(emit: Emit): void {
  const text = longLetter(200_000);
  const ours = speed(markdown, text);
  emit({ name: 'codec.markdown.mb-per-s', ...ours, unit: 'MB/s' });
  const bare = timeRuns(() => { fromMarkdown(text, { extensions: [gfm()], mdastExtensions: gfmFromMarkdown() }); }, 3, 1);
  const peer = text.length / 1e6 / (median(bare) / 1000);
  emit({ name: 'codec.markdown.vs-mdast.ratio', value: ours.value / peer, unit: 'ratio', n: bare.length, peer: 'mdast-util-from-markdown 2.1.0 with gfm, tree only' });
  emit({ name: 'codec.text.mb-per-s', ...speed(plainText, text), unit: 'MB/s' });
}

/** Parsing, and what an accepted text takes: encoding it and composing the file with it. */
function structured(emit: Emit): void {
  for (const { id, text } of formatFiles(1_000_000)) {
    const codec = codecById(id);
    const parsing = timeRuns(() => { codec.parse(text, { ...options, targetLanguage: 'ja' }); }, 3, 1);
    emit({ name: `codec.${id}.mb-per-s`, value: text.length / 1e6 / (median(parsing) / 1000), unit: 'MB/s', n: parsing.length });
    const document = codec.parse(text, { ...options, targetLanguage: 'ja' });
    const segment = document.segments[document.segments.length >> 1];
    if (segment === undefined) throw new Error(`${id} has no segments`);
    const splicing = timeRuns(() => { composeTarget(document, new Map([[segment.id, codec.encode(`${segment.source}一`, segment)]]), 'ja'); }, 5, 2);
    emit({ name: `codec.${id}.splice.1mb.ms`, value: median(splicing), unit: 'ms', n: splicing.length });
  }
}

function locating(emit: Emit): void {
  const document = plainText.parse(longLetter(1_000_000), options);
  const composed = composeTarget(document, new Map(), 'ja');
  const actual = composed.text.replace('town 7', 'village').replace('number 90', 'No. 90').replace(/$/u, 'The end.\n');
  const times = timeRuns(() => { locateSegments(composed, actual); }, 5, 1);
  emit({ name: 'codec.locate.1mb.ms', value: median(times), unit: 'ms', n: times.length });
}

/**
 * Opening is parsing to segments: the whole file checked, every unit found. What each says (id, source, codes, note) is read
 * when it is looked at; `read-all` is opening and reading all of them. Peak memory is that of a process of its own, less what it held before it read the file: bytes, text and segments. */
function largeFile(emit: Emit): void {
  const text = largeXliff();
  const ours = timeRuns(() => { xliff.parse(text, options); }, 5, 2);
  const bare = timeRuns(() => {
    const parser = new SaxesParser({ position: false });
    for (const event of ['opentag', 'closetag', 'text'] as const) parser.on(event, () => undefined);
    parser.write(text).close();
  }, 5, 2);
  emit({ name: 'codec.xliff13mb.vs-saxes.ratio', value: median(ours) / median(bare), unit: 'ratio', n: ours.length, peer: 'saxes 6.0.0 with empty handlers for tags and text' });
  const whole = timeRuns(() => { for (const segment of xliff.parse(text, options).segments) wholeText(segment); }, 5, 1);
  emit({ name: 'codec.xliff13mb.read-all.vs-saxes.ratio', value: median(whole) / median(bare), unit: 'ratio', n: whole.length, peer: 'saxes 6.0.0, the same run' });
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-bench-'));
  const file = join(folder, 'large.xlf');
  writeFileSync(file, text);
  try {
    const child = execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('support/xliffPeak.ts', import.meta.url)), file], { encoding: 'utf8' });
    emit({ name: 'codec.xliff13mb.peak-mb', value: Number(child), unit: 'MB', n: 1 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const benches: readonly Bench[] = [{
  prefix: 'codec.',
  run(emit) {
    parsing(emit);
    structured(emit);
    largeFile(emit);
    locating(emit);
    return Promise.resolve();
  },
}];
