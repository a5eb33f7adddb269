/** Where the translation of a file goes, as each ecosystem expects it. Pure. */
import { findLanguage, sameLanguage, targetPath } from '../text/languages.ts';
import { codecFor } from './codecs.ts';
import type { CodecId } from './segment.ts';

export interface PathRequest {
  readonly source: string;
  readonly target: string;
  /**
   * Patterns by extension (`.json`) of the person's own: `{folder}`, `{name}` (without language and extension), `{language}`,
   * `{ext}` (with the dot). They win over the ecosystem's rule.
   */
  readonly patterns?: Readonly<Record<string, string>>;
}

/** Path of the target file with `/`; the source's own path for bilingual formats, which are edited in place. */
export function translatedPath(path: string, request: PathRequest): string {
  const { id, bilingual } = codecFor(path);
  const custom = Object.entries(request.patterns ?? {}).find(([extension]) => path.toLowerCase().endsWith(extension.toLowerCase()));
  if (custom !== undefined) return fromPattern(path, request, { extension: custom[0], pattern: custom[1] });
  if (bilingual === true) return path.endsWith('.pot') ? `${path.slice(0, path.lastIndexOf('/') + 1)}${request.target}.po` : path;
  return rules[id]?.(path, request) ?? targetPath(path, request.source, request.target);
}

type Rule = (path: string, request: PathRequest) => string | undefined;

const rules: Partial<Record<CodecId, Rule>> = {
  android: (path, { target }) => {
    const folder = /(^|\/)values(?:-[^/]+)?(?=\/[^/]+$)/u;
    return folder.test(path) ? path.replace(folder, (_, slash: string) => `${slash}values-${androidQualifier(target)}`) : undefined;
  },
  strings: lproj,
  stringsdict: lproj,
  properties: (path, request) => withSuffix(path, request, '_'),
  json: (path, request) => (path.toLowerCase().endsWith('.arb') ? withSuffix(path, request, '_') : undefined),
};

/** `ja`, `zh-rTW`, and the BCP 47 form where a script is named. */
function androidQualifier(target: string): string {
  const [language = '', ...rest] = target.split('-');
  if (rest.length === 0) return language;
  return rest.length === 1 && /^[A-Z]{2}$/u.test(rest[0] ?? '') ? `${language}-r${rest[0] ?? ''}` : `b+${target.replaceAll('-', '+')}`;
}

function lproj(path: string, { target }: PathRequest): string | undefined {
  const folder = /[^/]+\.lproj(?=\/[^/]+$)/u;
  return folder.test(path) ? path.replace(folder, `${target}.lproj`) : undefined;
}

/** `messages.properties` and `messages_en.properties` to `messages_ja.properties`. */
function withSuffix(path: string, { source, target }: PathRequest, mark: string): string {
  const dot = path.lastIndexOf('.');
  const stem = path.slice(0, dot);
  const suffix = /_([A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})*)$/u.exec(stem);
  const named = suffix !== null && findLanguage(suffix[1] ?? '') !== undefined && sameLanguage(suffix[1] ?? '', source);
  return `${named ? stem.slice(0, suffix.index) : stem}${mark}${target.replaceAll('-', '_')}${path.slice(dot)}`;
}

function fromPattern(path: string, { source, target }: PathRequest, { extension, pattern }: { readonly extension: string; readonly pattern: string }): string {
  const slash = path.lastIndexOf('/');
  const stem = path.slice(slash + 1, path.length - extension.length);
  const tagged = /^(.*?)[._-]?([A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})*)$/u.exec(stem);
  const name = tagged !== null && findLanguage(tagged[2] ?? '') !== undefined && sameLanguage(tagged[2] ?? '', source) ? (tagged[1] ?? '') : stem;
  const parts: Readonly<Record<string, string>> = { folder: slash < 0 ? '.' : path.slice(0, slash), name, language: target, ext: path.slice(path.length - extension.length) };
  return normalised(pattern.replace(/\{(folder|name|language|ext)\}/gu, (_, part: string) => parts[part] ?? ''));
}

/** Without `.` and `..`, which must not lead out of the workspace folder. */
function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
