/**
 * XLIFF 1.2 (OASIS, 2008) and 2.0 to 2.2: bilingual, edited in place. Writes targets and states, nothing else: notes,
 * skeletons, alternatives, modules and white space keep every byte. Pure.
 */
import { AppError } from '../errors.ts';
import { sameLanguage } from '../text/languages.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParsedDocument, ParseOptions } from './segment.ts';
import { LazyUnits, type UnitPlace } from './lazyUnits.ts';
import type { Unit } from './units.ts';
import { Xliff1Reader } from './xliff1.ts';
import { Xliff2Reader } from './xliff2.ts';
import { ruleFault } from './xliff2Rules.ts';
import { TreeReader } from './xliff2Tree.ts';
import { encodeXliff } from './xliffStates.ts';
import { attributesOf, scanXml, type XmlEvents, type XmlTag } from './xml.ts';

/** What the readers of both versions get and give. */
export interface XliffContext {
  readonly text: string;
  readonly options: ParseOptions;
  /** Units in document order; `isText` as in `LazyUnits.add`. */
  add(place: UnitPlace, isText: boolean): void;
  /** @throws AppError `document.syntax` there */
  readonly fail: (offset: number, reason: string) => never;
}

/** Reads one version: finds the units of a file, and says later what they say. */
export interface UnitsReader extends XmlEvents {
  read(place: UnitPlace): Unit;
}

export const xliff: Codec = {
  id: 'xliff',
  extensions: ['.xlf', '.xliff', '.mxliff', '.sdlxliff', '.mqxliff'],
  bilingual: true,
  parse(text: string, options: ParseOptions): ParsedDocument {
    const list = new LazyUnits((place) => dispatcher.read(place));
    const add: XliffContext['add'] = (place, isText) => { list.add(place, isText); };
    const fail = (offset: number, reason: string): never => { throw syntaxError(text, offset, options.path, reason); };
    const dispatcher = new XliffDispatcher({ text, options, add, fail });
    scanXml(text, options, dispatcher);
    dispatcher.check(fail);
    const { segments } = list;
    if (segments.length === 0 && options.targetLanguage !== undefined) throw new AppError('document.empty', { path: options.path });
    return { codec: 'xliff', text, segments };
  },
  encode: encodeXliff,
  namedSource(head: string, targetLanguage: string): string | undefined {
    const [root] = attributesOf(head, 'xliff');
    if (root?.['srcLang'] !== undefined) return root['srcLang'];
    let first: string | undefined;
    for (const { 'source-language': source, 'target-language': target } of attributesOf(head, 'file')) {
      if (isForTarget(target, { targetLanguage })) return source;
      first ??= source;
    }
    return first;
  },
};

/** Hands all events to the reader of the version that the root element names. */
class XliffDispatcher implements XmlEvents {
  readonly #context: XliffContext;
  #reader: UnitsReader | undefined;
  /** Of version 2 alone, whose rules look at the whole file. */
  #tree: TreeReader | undefined;

  constructor(context: XliffContext) {
    this.#context = context;
  }

  get skipsText(): boolean {
    return this.#tree === undefined && this.#reader?.skipsText === true;
  }

  open(tag: XmlTag): void {
    if (this.#reader === undefined) this.#start(tag);
    this.#reader?.open(tag);
    this.#tree?.open(tag);
  }

  close(name: string, start: number, end: number): void {
    this.#reader?.close(name, start, end);
    this.#tree?.close();
  }

  text(text: string, cdata: boolean): void {
    this.#reader?.text?.(text, cdata);
    this.#tree?.text(text);
  }

  read(place: UnitPlace): Unit {
    if (this.#reader === undefined) throw new RangeError('the file has not been read');
    return this.#reader.read(place);
  }

  /** Fails at the first element that breaks a rule. */
  check(fail: XliffContext['fail']): void {
    const fault = this.#tree?.root === undefined ? undefined : ruleFault(this.#tree.root);
    if (fault !== undefined) fail(fault.node.tag.start, fault.reason);
    this.#tree = undefined;
  }

  #start(root: XmlTag): void {
    this.#reader = readerFor(root, this.#context);
    if (this.#reader instanceof Xliff2Reader) this.#tree = new TreeReader(this.#context.fail);
  }
}

function readerFor(root: XmlTag, context: XliffContext): UnitsReader {
  const version = root.attributes['version'] ?? '';
  if (root.name !== 'xliff') return context.fail(root.start, `the root element is <${root.name}>, not <xliff>`);
  if (/^1\.[012]$/u.test(version)) return new Xliff1Reader(context);
  if (/^2\.[0-2]$/u.test(version)) return new Xliff2Reader(context, root);
  return context.fail(root.start, `version "${version}" of XLIFF is not known; 1.0 to 1.2 and 2.0 to 2.2 are`);
}

/** False where a file is meant for another target language than the one asked for. */
export function isForTarget(declared: string | undefined, { targetLanguage }: Pick<ParseOptions, 'targetLanguage'>): boolean {
  return declared === undefined || targetLanguage === undefined || sameLanguage(declared, targetLanguage);
}
