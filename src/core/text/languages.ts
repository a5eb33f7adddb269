/** The languages that Interlinear knows, and how files are named after them. Pure. */
import { AppError } from '../errors.ts';

export interface Language {
  /** BCP 47 in canonical form, as it was asked for: `ja`, `zh-Hant`, `pt-BR`. */
  readonly tag: string;
  /** Primary language, the code that LMT uses: `ja`, `zh`, `mvf`. */
  readonly code: string;
  /** English name for people. */
  readonly name: string;
  /** Name as LMT's prompts spell it (NiuTrans/LMT `src/utils.py`). */
  readonly lmtName: string;
  /** ISO 15924. */
  readonly script: string;
  readonly direction: 'ltr' | 'rtl';
  /** False where words, and so sentences, follow each other without a space. */
  readonly usesWordSpaces: boolean;
}

/** code, English name, script; LMT's name where it differs. The 60 of LMT (arXiv 2511.07003, section 3), high to low resource. */
const table: readonly (readonly [code: string, name: string, script: string, lmtName?: string])[] = [
  ['ar', 'Arabic', 'Arab'], ['en', 'English', 'Latn'], ['es', 'Spanish', 'Latn'], ['de', 'German', 'Latn'], ['fr', 'French', 'Latn'],
  ['it', 'Italian', 'Latn'], ['ja', 'Japanese', 'Jpan'], ['nl', 'Dutch', 'Latn'], ['pl', 'Polish', 'Latn'], ['pt', 'Portuguese', 'Latn'],
  ['ru', 'Russian', 'Cyrl'], ['tr', 'Turkish', 'Latn'], ['zh', 'Chinese', 'Hans'],
  ['bg', 'Bulgarian', 'Cyrl'], ['bn', 'Bengali', 'Beng'], ['cs', 'Czech', 'Latn'], ['da', 'Danish', 'Latn'], ['el', 'Greek', 'Grek', 'Modern Greek'],
  ['fa', 'Persian', 'Arab'], ['fi', 'Finnish', 'Latn'], ['hi', 'Hindi', 'Deva'], ['hu', 'Hungarian', 'Latn'], ['id', 'Indonesian', 'Latn'],
  ['ko', 'Korean', 'Kore'], ['nb', 'Norwegian Bokmål', 'Latn'], ['ro', 'Romanian', 'Latn'], ['sk', 'Slovak', 'Latn'], ['sv', 'Swedish', 'Latn'],
  ['th', 'Thai', 'Thai'], ['uk', 'Ukrainian', 'Cyrl'], ['vi', 'Vietnamese', 'Latn'],
  ['am', 'Amharic', 'Ethi'], ['az', 'Azerbaijani', 'Latn'], ['bo', 'Tibetan', 'Tibt'], ['he', 'Hebrew', 'Hebr', 'Modern Hebrew'],
  ['hr', 'Croatian', 'Latn'], ['hy', 'Armenian', 'Armn'], ['is', 'Icelandic', 'Latn'], ['jv', 'Javanese', 'Latn'], ['ka', 'Georgian', 'Geor'],
  ['kk', 'Kazakh', 'Cyrl'], ['km', 'Khmer', 'Khmr', 'Central Khmer'], ['ky', 'Kyrgyz', 'Cyrl', 'Kirghiz'], ['lo', 'Lao', 'Laoo'],
  ['mvf', 'Inner Mongolian', 'Mong'], ['mr', 'Marathi', 'Deva'], ['ms', 'Malay', 'Latn'], ['my', 'Burmese', 'Mymr'], ['ne', 'Nepali', 'Deva'],
  ['ps', 'Pashto', 'Arab'], ['si', 'Sinhala', 'Sinh'], ['sw', 'Swahili', 'Latn'], ['ta', 'Tamil', 'Taml'], ['te', 'Telugu', 'Telu'],
  ['tg', 'Tajik', 'Cyrl'], ['tl', 'Filipino', 'Latn', 'Tagalog'], ['ug', 'Uyghur', 'Arab', 'Uighur'], ['ur', 'Urdu', 'Arab'],
  ['uz', 'Uzbek', 'Latn'], ['yue', 'Cantonese', 'Hant', 'Yue Chinese'],
];

const rtlScripts: ReadonlySet<string> = new Set(['Arab', 'Hebr']);
const unspacedScripts: ReadonlySet<string> = new Set(['Jpan', 'Hans', 'Hant', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Tibt']);

/** Other codes for the same languages, old ones and macrolanguage members included. */
const aliases: Readonly<Record<string, string>> = {
  no: 'nb', iw: 'he', in: 'id', fil: 'tl', cmn: 'zh', arb: 'ar', zsm: 'ms', swh: 'sw', npi: 'ne', pes: 'fa', jw: 'jv',
};

/** Regions that write Chinese in the traditional script unless the tag names one. */
const traditionalRegions: ReadonlySet<string> = new Set(['TW', 'HK', 'MO']);

/** Codes that are common English words: as the name of a folder, or as the whole name of a text (`in.md`), they say nothing. */
const words: ReadonlySet<string> = new Set(['am', 'he', 'in', 'is', 'my', 'no']);

/** Files of texts for people; the others are resources, whose whole name often is their language (`he.json`). */
const textFile = /\.(?:txt|text|md|markdown|mdown|mkd|mdx|html?|xhtml|srt|vtt)$/iu;

/** Of POSIX and of Windows. */
const absolute = /^(?:[/\\]|[A-Za-z]:[/\\])/u;

/** All known languages, in the order of LMT's table. */
export function allLanguages(): readonly Language[] {
  return table.map(([code]) => parseLanguage(code));
}

/**
 * A BCP 47 tag, in any case, with `-` or `_`: `ja`, `ja-JP`, `zh_hant`.
 * @throws AppError `language.unknown` with the codes that come closest, or all of them.
 */
export function parseLanguage(tag: string): Language {
  const language = findLanguage(tag);
  if (language === undefined) throw new AppError('language.unknown', { tag, known: suggestions(tag) });
  return language;
}

/** The same without an error. */
export function findLanguage(tag: string): Language | undefined {
  const canonical = canonicalTag(tag);
  if (canonical === undefined) return undefined;
  const [subtag = '', ...rest] = canonical.split('-');
  const primary = aliases[subtag] ?? subtag;
  const row = table.find(([code]) => code === primary);
  if (row === undefined) return undefined;
  const [code, name, usual, lmtName = name] = row;
  const script = rest.find((part) => part.length === 4) ?? (code === 'zh' && rest.some((part) => traditionalRegions.has(part)) ? 'Hant' : usual);
  return {
    tag: [code, ...rest].join('-'),
    code,
    name: displayName(name, script, usual),
    lmtName,
    script,
    direction: rtlScripts.has(script) ? 'rtl' : 'ltr',
    usesWordSpaces: !unspacedScripts.has(script),
  };
}

/** True where sentences of a language follow each other without a space. False for a language that we do not know. */
export function writesWithoutSpaces(tag: string): boolean {
  return findLanguage(tag)?.usesWordSpaces === false;
}

/** Whether two tags name one language: equal primary languages, and equal scripts (`zh-Hans-CN` and `zh-CN`). Regions do not count. */
export function sameLanguage(a: string, b: string): boolean {
  const [first, second] = [findLanguage(a), findLanguage(b)];
  if (first === undefined || second === undefined) return a.toLowerCase() === b.toLowerCase();
  return first.code === second.code && first.script === second.script;
}

/**
 * The language tag in a file's name or folders: `letter.en.md`, `docs/en/x.md`; undefined when there is none. The path is relative to
 * the workspace's or the current folder; the folders of an absolute one say nothing: `/home/sk/letter.md` is not Slovak.
 */
export function languageOfFile(path: string): string | undefined {
  const place = tagPlace(path);
  return place === undefined ? undefined : parseLanguage(path.slice(place.start, place.end)).tag;
}

/**
 * The language of a file's sources: the one that was set, else the one that its name says, else English. A name that says the target's
 * language (`messages.ja.xlf`) is that of a bilingual file and says nothing of its sources, as a PO file's never does: it is named after
 * its translations (`fr.po`, `fr/LC_MESSAGES/app.po`).
 */
export function sourceLanguageOf(path: string, target: string, set: string | undefined): string {
  if (set !== undefined) return parseLanguage(set).tag;
  const named = path.toLowerCase().endsWith('.po') ? undefined : languageOfFile(path);
  return named === undefined || sameLanguage(named, target) ? 'en' : named;
}

/**
 * Where the translation of a file goes: the source's tag is replaced in the name (`letter.en.md`) or in a folder
 * (`docs/en/x.md`); a file without one gets the target's before its extension (`letter.md` to `letter.ja.md`). Folders of an absolute
 * path stay.
 */
export function targetPath(path: string, source: string, target: string): string {
  const place = tagPlace(path);
  const named = place === undefined ? undefined : findLanguage(path.slice(place.start, place.end));
  if (place !== undefined && named?.code === parseLanguage(source).code) return path.slice(0, place.start) + target + path.slice(place.end);
  const nameStart = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const at = dot > nameStart ? dot : path.length;
  return `${path.slice(0, at)}.${target}${path.slice(at)}`;
}

/** `xx.ext` at the end wins over a folder; of several folders the innermost, and none of an absolute path. A file `en.md` is named by its language alone. */
function tagPlace(path: string): { readonly start: number; readonly end: number } | undefined {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const nameStart = path.length - name.length;
  const pieces = name.split('.');
  const inName = pieces.length >= 3 ? pieces.length - 2 : 0;
  const piece = pieces[inName] ?? '';
  if (pieces.length >= 2 && isTag(piece) && !isWord(piece, inName === 0 && textFile.test(name))) {
    const start = nameStart + pieces.slice(0, inName).join('.').length + (inName > 0 ? 1 : 0);
    return { start, end: start + piece.length };
  }
  if (absolute.test(path)) return undefined;
  for (let index = parts.length - 1; index >= 0; index--) {
    const folder = parts[index] ?? '';
    const start = parts.slice(0, index).join('/').length + (index > 0 ? 1 : 0);
    if (isTag(folder) && !words.has(folder)) return { start, end: start + folder.length };
  }
  return undefined;
}

/** `in`, the old code of Indonesian, is what a file for input is called, whatever its format (`in.po`, `letter.in.md`). */
function isWord(piece: string, wholeNameOfText: boolean): boolean {
  return piece === 'in' || (wholeNameOfText && words.has(piece));
}

/** Tags in paths must look like tags: `it` does, `IT` and `Is` are words. */
function isTag(text: string): boolean {
  return /^[a-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Z]{2}|[a-z]{2}|\d{3}))?$/u.test(text) && findLanguage(text) !== undefined;
}

function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

function displayName(name: string, script: string, usual: string): string {
  if (script === usual) return name;
  if (script === 'Hant') return `Traditional ${name}`;
  if (script === 'Hans') return `Simplified ${name}`;
  return `${name} (${script})`;
}

/** Codes whose name or code begins alike, else every code. */
function suggestions(tag: string): string {
  const asked = tag.trim().toLowerCase();
  const start = asked.slice(0, 2);
  const close = asked === '' ? [] : table.filter(([code, name]) => name.toLowerCase().startsWith(asked) || code.startsWith(start) || name.toLowerCase().startsWith(start));
  const rows = close.length === 0 ? table : close;
  return rows.map(([code, name]) => `${code} (${name})`).join(', ');
}
