/** Units as TMX 1.4b, a piece at a time. Pure. */
import { escapeXmlText } from '../document/xml.ts';
import { codesIn } from './tokens.ts';
import type { MemoryUnit } from './unit.ts';

export interface TmxHead {
  readonly source: string;
  readonly target: string;
  readonly version: string;
}

export function tmxHead({ source, version }: TmxHead): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header creationtool="Interlinear" creationtoolversion="${attribute(version)}" segtype="sentence" o-tmf="interlinear" adminlang="en" srclang="${attribute(source)}" datatype="plaintext"/>\n<body>\n`;
}

/** One `tu`: inline codes as `ph`, the place as properties. Characters that XML cannot hold are left out. */
export function tmxUnit({ source, target, context, origin, by, at }: MemoryUnit, { source: from, target: to }: TmxHead): string {
  const properties = ([['file', origin], ['key', context?.key], ['x-interlinear-previous', context?.previous], ['x-interlinear-next', context?.next]] as const)
    .flatMap(([type, value]) => (value === undefined || value === '' ? [] : [`<prop type="${type}">${text(value)}</prop>`])).join('');
  const variant = (language: string, content: string, made = ''): string => `<tuv xml:lang="${attribute(language)}"${made}><seg>${segment(content)}</seg></tuv>`;
  return `<tu>${properties}${variant(from, source)}${variant(to, target, `${named('changeid', by)}${named('changedate', at === undefined ? undefined : tmxTime(at))}`)}</tu>\n`;
}

function named(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${attribute(value)}"`;
}

/** ISO 8601 as TMX spells it, to the second. */
function tmxTime(iso: string): string {
  return `${iso.slice(0, 19).replaceAll(/[-:]/gu, '')}Z`;
}

export const tmxTail = '</body>\n</tmx>\n';

function segment(content: string): string {
  let result = '';
  let at = 0;
  for (const [index, { range }] of codesIn(content).entries()) {
    result += `${text(content.slice(at, range.start))}<ph x="${String(index + 1)}">${text(content.slice(range.start, range.end))}</ph>`;
    at = range.end;
  }
  return result + text(content.slice(at));
}

function text(content: string): string {
  // eslint-disable-next-line no-control-regex -- XML 1.0 cannot hold them in any spelling
  return escapeXmlText(content.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Surrogate}]/gu, ''));
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;');
}
