/** The entries of a resource file as a tree: to find a place for one that a translated file lacks. Pure. */
import { parseTree, type Node as JsonNode } from 'jsonc-parser';
import { isMap, isScalar, parseAllDocuments, type Node as YamlNode, type Pair } from 'yaml';
import type { ParsedDocument, TextRange } from './segment.ts';
import { scanXml, type XmlEvents, type XmlTag } from './xml.ts';

export interface EntryNode {
  /** Unique among its siblings. */
  readonly name: string;
  readonly range: TextRange;
  /**
   * Where its entries stand. Absent for an entry that is one piece: a value, and a list or a set of plural forms, where one
   * without the others would be in the wrong place or say too little.
   */
  readonly inner?: TextRange;
  readonly children: readonly EntryNode[];
}

const none: readonly never[] = [];

/** The root of a file that has been parsed; undefined for formats without entries in one another, and where there is none. */
export function entryTree({ codec, text }: Pick<ParsedDocument, 'codec' | 'text'>): EntryNode | undefined {
  switch (codec) {
    case 'android': case 'resx': case 'stringsdict': return xmlTree(text);
    case 'json': return jsonTree(text);
    case 'yaml': return yamlTree(text);
    default: return undefined;
  }
}

function xmlTree(text: string): EntryNode | undefined {
  const reader = new TopReader(text);
  scanXml(text, { path: '' }, reader);
  return reader.root;
}

/** Takes what stands at the top, element by element; in a property list, pair by pair. */
class TopReader implements XmlEvents {
  root: EntryNode | undefined;
  readonly #text: string;
  readonly #children: EntryNode[] = [];
  #holder: XmlTag | undefined;
  #entry: XmlTag | undefined;
  #key: { readonly start: number; readonly name: string } | undefined;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  open(tag: XmlTag): void {
    if (this.#holder === undefined) {
      if (tag.name !== 'plist' && !tag.selfClosing) this.#holder = tag;
    } else if (this.#depth++ === 0) this.#entry = tag;
  }

  close(name: string, start: number, end: number): void {
    const [holder, entry] = [this.#holder, this.#entry];
    if (holder === undefined) return;
    if (this.#depth === 0) this.root ??= { name: '', range: { start: holder.start, end }, inner: { start: holder.end, end: start }, children: this.#children };
    else if (--this.#depth === 0 && entry !== undefined) this.#take(entry, name === 'key' ? this.#text.slice(entry.end, start) : undefined, end);
  }

  #take({ name, attributes, start }: XmlTag, key: string | undefined, end: number): void {
    if (key !== undefined) this.#key = { start, name: key };
    else if (this.#key !== undefined) this.#children.push({ name: this.#key.name, range: { start: this.#key.start, end }, children: none });
    else if (attributes['name'] !== undefined) this.#children.push({ name: `${name}/${attributes['name']}/${attributes['product'] ?? ''}`, range: { start, end }, children: none });
    if (key === undefined) this.#key = undefined;
  }
}

function jsonTree(text: string): EntryNode | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root?.type === 'object' ? jsonEntry('', root, root.offset) : undefined;
}

function jsonEntry(name: string, value: JsonNode, start: number): EntryNode {
  const range = { start, end: value.offset + value.length };
  if (value.type !== 'object') return { name, range, children: none };
  const children = (value.children ?? []).flatMap(({ offset, children: [key, child] = [] }) => (key === undefined || child === undefined ? [] : [jsonEntry(String(key.value), child, offset)]));
  return { name, range, inner: { start: value.offset + 1, end: range.end - 1 }, children };
}

function yamlTree(text: string): EntryNode | undefined {
  const parsed = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  const [document, second] = Array.isArray(parsed) ? parsed : [];
  const contents: unknown = document?.contents;
  if (second !== undefined || !isMap(contents) || contents.flow === true) return undefined;
  const start = contents.range?.[0] ?? 0;
  return { name: '', range: { start, end: text.length }, inner: { start, end: text.length }, children: yamlEntries(text, contents.items) };
}

function yamlEntries(text: string, items: readonly Pair[]): readonly EntryNode[] {
  return items.flatMap(({ key, value }): readonly EntryNode[] => {
    const keyRange = isScalar(key) ? key.range : undefined;
    const end = (value as YamlNode | null)?.range?.[1]; // what a pair of a document that was parsed holds
    if (!isScalar(key) || keyRange === undefined || keyRange === null || end === undefined) return [];
    const range = { start: keyRange[0], end: keyRange[0] + text.slice(keyRange[0], end).trimEnd().length };
    const name = String(key.value);
    if (!isMap(value) || value.flow === true) return [{ name, range, children: none }];
    return [{ name, range, inner: { start: text.indexOf(':', keyRange[1]) + 1, end: range.end }, children: yamlEntries(text, value.items) }];
  });
}
