/**
 * Trains the English to Japanese aligner that ships in media/aligner-en-ja:
 *
 *   node --import tsx scripts/trainAligner.ts DATA
 *
 * DATA holds small_parallel_enja/train.{en,ja} and tldr-parallel/en-ja.tsv. The same input gives the same bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TokenPair } from '../src/core/alignment/aligner.ts';
import { serializeAligner } from '../src/core/alignment/alignerFile.ts';
import { trainAligner } from '../src/core/alignment/trainAligner.ts';
import { defaultTraining } from '../src/core/alignment/trainDirection.ts';
import { sha256Hex } from '../src/core/hash.ts';
import { Tokenizer } from '../src/core/text/tokens.ts';

interface TextPair {
  readonly source: string;
  readonly target: string;
}

const leastProbability = 5e-4;
const brackets: Readonly<Record<string, string>> = { '-lrb-': '(', '-rrb-': ')', '-lsb-': '[', '-rsb-': ']' };

const data = process.argv[2];
if (data === undefined) throw new Error('usage: node --import tsx scripts/trainAligner.ts DATA');
const folder = fileURLToPath(new URL('../media/aligner-en-ja/', import.meta.url));
const tokenizer = new Tokenizer();
const tanaka = tanakaPairs(data);
const tldr = tldrPairs(data);
const model = trainAligner([...tanaka, ...tldr].map(tokenise), {
  casing: 'lower',
  onProgress: (done, total) => { process.stderr.write(`iteration ${String(done)} of ${String(total)}\n`); },
});
const bytes = serializeAligner(model, leastProbability);
writeFileSync(join(folder, 'model.bin'), bytes);
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
process.stderr.write(`${String(bytes.length)} bytes\n`);

function manifest(): object {
  return {
    kind: 'aligner',
    name: 'aligner-en-ja-1',
    sourceLanguage: 'en',
    targetLanguage: 'ja',
    files: { model: { path: 'model.bin', bytes: bytes.length, sha256: sha256Hex(bytes) } },
    pairs: { tanaka: tanaka.length, tldr: tldr.length },
    training: { ...defaultTraining, casing: 'lower', leastProbability },
    attribution: [
      'Tanaka Corpus / Tatoeba, CC BY 2.0 FR',
      'tldr-pages team and contributors, CC BY 4.0',
    ],
  };
}

function tokenise(pair: TextPair): TokenPair {
  return {
    source: tokenizer.wordTokens(pair.source, 'en').map((token) => token.text),
    target: tokenizer.wordTokens(pair.target, 'ja').map((token) => token.text),
  };
}

function tanakaPairs(root: string): TextPair[] {
  const english = readLines(join(root, 'small_parallel_enja', 'train.en'));
  const japanese = readLines(join(root, 'small_parallel_enja', 'train.ja'));
  return english.map((line, index) => ({ source: joinEnglish(line), target: joinJapanese(japanese[index] ?? '') }));
}

/** Code spans become the placeholders that the product puts in their place; a span of one side only stays text. */
function tldrPairs(root: string): TextPair[] {
  return readLines(join(root, 'tldr-parallel', 'en-ja.tsv')).map((line) => {
    const [, , source = '', target = ''] = line.split('\t');
    const spans = [...new Set(source.match(/`[^`]+`/gu) ?? [])].filter((span) => target.includes(span));
    const protect = (text: string): string =>
      spans.reduce((result, span, index) => result.replaceAll(span, `\u27e6${String(index + 1)}\u27e7`), text);
    return { source: protect(source), target: protect(target) };
  });
}

function readLines(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

/** Stanford tokens as running text: clitics and punctuation lose the space before them. */
function joinEnglish(line: string): string {
  return line
    .split(' ')
    .map((token) => brackets[token] ?? token)
    .join(' ')
    .replace(/ (n't|'(?:s|m|t|d|ll|re|ve|clock)\b)/gu, '$1')
    .replace(/ ([.,?!:;)\]%])/gu, '$1')
    .replace(/([([$]) /gu, '$1');
}

/** KyTea tokens without their spaces, except between Latin words. */
function joinJapanese(line: string): string {
  return line.replace(/(?<![A-Za-z0-9]) | (?![A-Za-z0-9])/gu, '');
}
