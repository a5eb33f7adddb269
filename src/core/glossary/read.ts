/** Glossary files. Pure. */
import { AppError } from '../errors.ts';
import { readEither } from '../document/csv.ts';
import { syntaxError } from '../document/place.ts';
import { scanXml, type XmlTag } from '../document/xml.ts';
import { findLanguage, sameLanguage } from '../text/languages.ts';
import type { GlossaryTerm } from './glossary.ts';

export interface GlossaryLanguages {
  readonly source: string;
  readonly target: string;
}

/**
 * Terms of one direction. CSV or TSV: a header row with `source` and `target` (or the languages' tags, `en` and `ja`), and if
 * wanted `forbidden` and `note`; several texts in a cell stand apart by `|`, and rows of one source are one term. Anything
 * that begins with `<` is TBX (2 or 3): deprecated and superseded terms of the target are forbidden.
 * @throws AppError `document.syntax` with line and column
 */
export function readGlossary(text: string, path: string, languages: GlossaryLanguages): readonly GlossaryTerm[] {
  return text.trimStart().startsWith('<') ? readTbx(text, path, languages) : readCsv(text, path, languages);
}

class Terms {
  readonly #terms = new Map<string, { readonly targets: Set<string>; readonly forbidden: Set<string>; readonly notes: Set<string> }>();

  add(source: string, { targets, forbidden, note }: { readonly targets: readonly string[]; readonly forbidden: readonly string[]; readonly note: string }): void {
    if (source.trim() === '' || targets.length + forbidden.length === 0) return;
    const key = source.trim();
    const known = this.#terms.get(key) ?? { targets: new Set(), forbidden: new Set(), notes: new Set() };
    this.#terms.set(key, known);
    for (const text of targets) known.targets.add(text);
    for (const text of forbidden) known.forbidden.add(text);
    if (note.trim() !== '') known.notes.add(note.trim());
  }

  all(): readonly GlossaryTerm[] {
    return [...this.#terms].map(([source, { targets, forbidden, notes }]) => ({
      source, targets: [...targets], forbidden: [...forbidden], ...(notes.size > 0 && { note: [...notes].join(' · ') }),
    }));
  }
}

function readCsv(text: string, path: string, languages: GlossaryLanguages): readonly GlossaryTerm[] {
  const { rows: [header = [], ...rows] } = readEither(text, path);
  const names = header.map((cell) => cell.text.trim().toLowerCase());
  const column = (name: string, tag?: string): number => {
    const named = names.indexOf(name);
    return named >= 0 || tag === undefined ? named : names.findIndex((other) => findLanguage(other) !== undefined && sameLanguage(other, tag));
  };
  const [source, target, forbidden, note] = [column('source', languages.source), column('target', languages.target), column('forbidden'), column('note')];
  if (source < 0 || (target < 0 && forbidden < 0)) {
    throw syntaxError(text, 0, path, `the first row must name the columns "source" and "target" (or ${languages.source} and ${languages.target}), and if wanted "forbidden" and "note"`);
  }
  const terms = new Terms();
  for (const row of rows) {
    const texts = (index: number): readonly string[] => (row[index]?.text ?? '').split('|').map((part) => part.trim()).filter((part) => part !== '');
    for (const from of texts(source)) terms.add(from, { targets: texts(target), forbidden: texts(forbidden), note: row[note]?.text ?? '' });
  }
  return terms.all();
}

interface TbxTerm {
  readonly language: string;
  text: string;
  status: string;
}

const entryNames = new Set(['termEntry', 'conceptEntry']);
const languageNames = new Set(['langSet', 'langSec']);
const refused = /^(?:deprecatedTerm|supersededTerm)/u;

function readTbx(text: string, path: string, languages: GlossaryLanguages): readonly GlossaryTerm[] {
  const terms = new Terms();
  const open: XmlTag[] = [];
  let entry: TbxTerm[] = [];
  let note = '';
  let language = '';
  scanXml(text, { path }, {
    open(tag) {
      if (open.length === 0 && tag.name !== 'martif' && tag.name !== 'tbx') throw syntaxError(text, tag.start, path, `the root element is <${tag.name}>, not <martif> or <tbx>`);
      open.push(tag);
      if (entryNames.has(tag.name)) [entry, note] = [[], ''];
      if (languageNames.has(tag.name)) language = tag.attributes['xml:lang'] ?? tag.attributes['lang'] ?? '';
      if (tag.name === 'term') entry.push({ language, text: '', status: '' });
    },
    text(piece) {
      const inside = open.at(-1);
      const term = entry.at(-1);
      if (term !== undefined && open.some(({ name }) => name === 'term')) term.text += piece;
      else if (term !== undefined && inside?.name === 'termNote' && inside.attributes['type'] === 'administrativeStatus') term.status += piece.trim();
      else if (inside?.name === 'note' || (inside?.name === 'descrip' && inside.attributes['type'] === 'definition')) note += piece;
    },
    close(name) {
      open.pop();
      if (entryNames.has(name)) addEntry(terms, { entry, note }, languages);
    },
  });
  return terms.all();
}

function addEntry(terms: Terms, { entry, note }: { readonly entry: readonly TbxTerm[]; readonly note: string }, { source, target }: GlossaryLanguages): void {
  const texts = (tag: string, wanted: boolean): readonly string[] => entry
    .filter((term) => findLanguage(term.language) !== undefined && sameLanguage(term.language, tag) && refused.test(term.status) !== wanted)
    .map((term) => term.text.trim()).filter((term) => term !== '');
  for (const from of [...texts(source, true), ...texts(source, false)]) terms.add(from, { targets: texts(target, true), forbidden: texts(target, false), note });
}

/** @throws AppError `input.invalid` for a path with another ending */
export function checkGlossaryPath(path: string): void {
  if (!/\.(?:csv|tsv|tbx|xml)$/iu.test(path)) throw new AppError('input.invalid', { where: path, reason: 'a glossary is a .csv, .tsv, .tbx or .xml file' });
}
