/** YAML resources (Rails and others): string values in the style that each has; comments, anchors and order stay. Pure. */
import { isCollection, isScalar, isSeq, parseAllDocuments, visit, type Pair, type Scalar, type Node } from 'yaml';
import { AppError } from '../errors.ts';
import { findLanguage } from '../text/languages.ts';
import { isPluralCategory } from '../text/plurals.ts';
import { syntaxError } from './place.ts';
import { fitPlurals } from './pluralEntries.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const yaml: Codec = {
  id: 'yaml',
  extensions: ['.yml', '.yaml'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const segments = unitSegments(fitPlurals(readYaml(text, options), { text, targetLanguage: options.targetLanguage, comma: '', freeZero: true }), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'yaml', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, escapeYaml);
  },
  /** Rails names the language at the root. */
  retarget(text: string, targetLanguage: string): string {
    const root = rootLanguage(text);
    return root === undefined ? text : text.replace(root.line, () => root.line.replace(root.tag, () => targetLanguage));
  },
};

/** The only key at the left margin, if it is a language. */
function rootLanguage(text: string): { readonly line: string; readonly tag: string } | undefined {
  const roots = [...text.matchAll(/(?<=^|[\r\n])(["']?)([^\s#"'-][^\s"':]*)\1:[ \t]*(?:#[^\r\n]*|[&!]\S+)?(?=[\r\n]|$)/gu)];
  const [only] = roots;
  const tag = only?.[2] ?? '';
  const other = /(?<=^|[\r\n])[^\s#-](?!--)/gu;
  const rest = [...text.matchAll(other)].length;
  return only !== undefined && roots.length === 1 && rest === 1 && findLanguage(tag) !== undefined ? { line: only[0], tag } : undefined;
}

function readYaml(text: string, { path, isTranslation = false }: ParseOptions): readonly Unit[] {
  const units: Unit[] = [];
  const hasRoot = rootLanguage(text) !== undefined;
  const parsed = parseAllDocuments(text, { keepSourceTokens: false, uniqueKeys: false, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  documents.forEach((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw syntaxError(text, error.pos[0], path, error.message.split('\n')[0]?.replace(/ at line .*$/u, '') ?? '');
    visit(document, {
      Map(_, { items }) { checkKeys(text, items, path); },
      Scalar(key, node, ancestors) {
        if (key === 'key') return;
        // Only nodes and pairs are ancestors of a node in a document.
        const names = pathOf([...ancestors, node] as readonly (Node | Pair)[]).slice(hasRoot ? 1 : 0);
        const path = [...(documents.length > 1 ? [String(index)] : []), ...names];
        const inFlow = ancestors.some((ancestor) => isCollection(ancestor) && ancestor.flow === true);
        const unit = typeof node.value === 'string' ? unitOf(text, node, { path, inFlow }) : node.value === null && isTranslation ? nullUnit(text, node, path) : undefined;
        if (unit !== undefined) units.push(unit);
      },
    });
  });
  return units;
}

/** The library compares every key of a map with every other. */
function checkKeys(text: string, items: readonly Pair[], path: string): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = `${typeof key.value} ${String(key.value)}`;
    if (seen.has(name)) throw syntaxError(text, key.range?.[0] ?? 0, path, 'Map keys must be unique');
    seen.add(name);
  }
}

/** Keys and indexes from the root to a node. */
function pathOf(nodes: readonly (Node | Pair)[]): readonly string[] {
  return nodes.flatMap((node, index) => {
    if ('key' in node && isScalar(node.key)) return [String(node.key.value)];
    const next = nodes[index + 1];
    const at = isSeq(node) ? node.items.indexOf(next) : -1;
    return at >= 0 && next !== undefined && !('key' in next && 'value' in next) ? [`[${at}]`] : [];
  });
}

function unitOf(text: string, node: Scalar, { path, inFlow }: { readonly path: readonly string[]; readonly inFlow: boolean }): Unit | undefined {
  const { range, type, value } = node;
  if (range === undefined || range === null || range[1] <= range[0]) return undefined;
  if (type === 'PLAIN' && noString.test(String(value))) return undefined;
  const category = path.at(-1) ?? '';
  const place = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? blockPlace(text, range[0], range[1]) : { range: { start: range[0], end: range[1] }, style: type === 'PLAIN' && inFlow ? plainInFlow : (type ?? 'PLAIN') };
  if (place === undefined) return undefined;
  return {
    ...place, key: path.join('.'), parent: path.slice(0, -1).join('.'), text: String(value),
    entry: { start: entryStart(text, range[0]), end: type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? place.range.end : range[1] },
    ...(isPluralCategory(category) ? { plural: category } : {}),
  };
}

/** A key without a value, or with `null` or `~`. */
function nullUnit(text: string, { range }: Scalar, path: readonly string[]): Unit | undefined {
  if (range === undefined || range === null) return undefined;
  const [start, end] = range;
  const wrap = { before: text[start - 1] === ' ' ? '' : ' ', after: '', gap: '' };
  return { range: { start, end }, key: path.join('.'), parent: path.slice(0, -1).join('.'), text: '', entry: { start: entryStart(text, start), end }, wrap };
}

/** The first character of the line that is not white space: where the key stands. */
function entryStart(text: string, offset: number): number {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return line + (/^[ \t]*/u.exec(text.slice(line, offset))?.[0].length ?? 0);
}

/** A block scalar's lines without the header and the last line end. The style carries its indent. */
function blockPlace(text: string, start: number, end: number): (Pick<Unit, 'range'> & { readonly style: string }) | undefined {
  const header = text.indexOf('\n', start) + 1;
  if (header === 0 || header >= end) return undefined;
  const raw = text.slice(header, end);
  const body = raw.trimEnd();
  const indent = /^[ \t]*/u.exec(raw.split(/\r?\n/u).find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  return { range: { start: header, end: header + body.length }, style: `${text[start] === '>' ? 'FOLDED' : 'LITERAL'}${indent}` };
}

/** Plain text that YAML 1.1 and 1.2 read as this very string. */
const plain = /^(?![-?:](?:\s|$)|[-+.]?\d|\.(?:inf|nan)$|(?:true|false|yes|no|on|off|null|y|n|~|=|<<)$)[^\s[\]{},#&*!|>'"%@`?:-](?:[^#:\r\n\t\u0085\u2028\u2029\ufeff]|:(?=\S)|(?<=\S)#)*$/iu;
/** In brackets more characters have a meaning. */
const meansMoreInFlow = /[[\]{},?:]/u;

/** Plain text that Rails takes for no string: YAML 1.1 has more words for true and false, and Ruby has symbols. */
const noString = /^(?:yes|no|on|off|:[A-Za-z_]\w*[?!]?)$/iu;

function escapeYaml(text: string, { unit }: SegmentText): string {
  const style = unit?.style ?? 'PLAIN';
  if (style.startsWith('LITERAL') || style.startsWith('FOLDED')) return escapeBlock(text.trimEnd(), style);
  if (style === 'QUOTE_SINGLE' && !/[\n\r\t\u0085\u2028\u2029\ufeff]/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  if (style.startsWith('PLAIN') && plain.test(text) && text.trim() === text && !(style === plainInFlow && meansMoreInFlow.test(text))) return text;
  // line ends of YAML 1.1
  return JSON.stringify(text).replace(/[\u0085\u2028\u2029\ufeff]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `style` of a plain scalar inside of `[]` or `{}`. */
const plainInFlow = 'PLAIN in flow';

/** Its own lines; a folded block takes one line break of a run away, but for those beside a line that begins with white space. */
function escapeBlock(text: string, style: string): string {
  const indent = style.replace(/^[A-Z]+/u, '');
  const lines = text.split('\n');
  const parts: string[] = [];
  let previous: string | undefined;
  for (const line of lines) {
    if (line === '') parts.push('');
    else {
      const isFolded = style.startsWith('FOLDED') && previous !== undefined && !/^[ \t]/u.test(previous) && !/^[ \t]/u.test(line);
      parts.push(...(isFolded ? [''] : []), indent + line);
      previous = line;
    }
  }
  return parts.join('\n');
}
