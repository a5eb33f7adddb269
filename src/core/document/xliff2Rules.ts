/** Constraints of XLIFF 2.0 to 2.2's core that the XML alone does not show (OASIS, section 4). Pure. */
import { inlineFault } from './xliff2Inline.ts';
import { moduleFault } from './xliff2Modules.ts';
import { descendants, doubled, everyElement, inherited, type Fault, type XmlNode } from './xliff2Tree.ts';

/** The first element that breaks a rule, in document order of what holds it. */
export function ruleFault(root: XmlNode): Fault | undefined {
  return firstFault(root, root);
}

/** Children by letters; a capital or small letter each, `e` for modules and extensions. */
const letters: Readonly<Record<string, string>> = {
  file: 'f', skeleton: 'k', notes: 'n', note: 'N', unit: 'u', group: 'g', originalData: 'o', data: 'd', segment: 's', ignorable: 'i', source: 'S', target: 'T', cp: 'c',
};

const contents: Readonly<Record<string, readonly [pattern: RegExp, rule: string]>> = {
  xliff: [/^f+$/u, 'holds one <file> or more and nothing else'],
  file: [/^k?e*n?[ug]+$/u, 'holds a skeleton, extensions and notes, then units and groups'],
  group: [/^e*n?[ug]*$/u, 'holds extensions and notes, then units and groups'],
  unit: [/^e*n?o?[si]*s[si]*$/u, 'holds extensions, notes and original data, then at least one segment'],
  segment: [/^ST?$/u, 'holds one <source> and at most one <target>'],
  ignorable: [/^ST?$/u, 'holds one <source> and at most one <target>'],
  notes: [/^N+$/u, 'holds notes'],
  originalData: [/^d+$/u, 'holds <data>'],
  data: [/^c*$/u, 'holds text and <cp>'],
};

const attributes: Readonly<Record<string, string>> = {
  segment: 'id canResegment state subState', ignorable: 'id', source: 'xml:lang xml:space', target: 'xml:lang xml:space order', data: 'id dir xml:space', cp: 'hex',
};

const values: Readonly<Record<string, RegExp>> = {
  state: /^(?:initial|translated|reviewed|final)$/u, canResegment: /^(?:yes|no)$/u, translate: /^(?:yes|no)$/u, canCopy: /^(?:yes|no)$/u, canDelete: /^(?:yes|no)$/u,
  canOverlap: /^(?:yes|no)$/u, canReorder: /^(?:yes|no|firstNo)$/u, isolated: /^(?:yes|no)$/u, srcDir: /^(?:ltr|rtl|auto)$/u, trgDir: /^(?:ltr|rtl|auto)$/u,
  dir: /^(?:ltr|rtl|auto)$/u, id: /^[\p{L}\p{N}._:\u00b7-]+$/u, 'xml:lang': /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/u, srcLang: /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/u,
  trgLang: /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/u, hex: /^(?:00)?[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?$/u, order: /^[1-9]\d*$/u,
};

const named = new Set(['file', 'group', 'unit', 'data', 'pc', 'ph', 'sc', 'mrk', 'sm']);

function firstFault(node: XmlNode, root: XmlNode): Fault | undefined {
  const isCore = letters[node.tag.name] !== undefined || node.tag.name === 'xliff';
  const reason = isCore || inlineNames.has(node.tag.name) ? attributeFault(node, root) ?? contentFault(node) ?? scopeFault(node, root) : undefined;
  if (reason !== undefined) return { node, reason };
  if (node.tag.name === 'unit') {
    const fault = inlineFault(node);
    if (fault !== undefined) return fault;
  }
  const inModule = moduleFault(node, root);
  if (inModule !== undefined) return { node, reason: inModule };
  for (const child of node.children) {
    const fault = firstFault(child, root);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const inlineNames = new Set(['pc', 'ph', 'sc', 'ec', 'mrk', 'sm', 'em']);

function inSegment({ parent }: XmlNode): boolean {
  return parent?.tag.name === 'segment' || parent?.tag.name === 'ignorable';
}

function attributeFault({ tag }: XmlNode, root: XmlNode): string | undefined {
  const allowed = attributes[tag.name]?.split(' ');
  for (const [name, value] of Object.entries(tag.attributes)) {
    if (values[name]?.test(value) === false) return `"${value}" is no value for ${name} of <${tag.name}>`;
    const foreign = name.includes(':') && !/^xml(?:ns)?:/u.test(name);
    const namespace = foreign ? (root.tag.attributes[`xmlns:${name.slice(0, name.indexOf(':'))}`] ?? '') : '';
    const isStrict = allowed !== undefined || ['pc', 'ph', 'sc', 'ec'].includes(tag.name);
    if (isStrict && foreign && namespace !== '' && !/^(?:urn:oasis:names:tc:xliff:|http:\/\/www\.w3\.org\/2005\/11\/its)/u.test(namespace)) return `<${tag.name}> may not have the attribute ${name}`;
    if (!foreign && allowed !== undefined && name !== 'xmlns' && !name.startsWith('xmlns:') && !allowed.includes(name)) return `<${tag.name}> may not have the attribute ${name}`;
  }
  if (named.has(tag.name) && tag.attributes['id'] === undefined) return `a <${tag.name}> has no id`;
  if (tag.attributes['subState'] !== undefined && tag.attributes['state'] === undefined) return 'subState needs a state';
  if (tag.attributes['subType'] !== undefined && tag.attributes['type'] === undefined) return 'subType needs a type';
  return undefined;
}

function contentFault({ tag, children, hasText }: XmlNode): string | undefined {
  const rule = contents[tag.name];
  if (rule !== undefined && !rule[0].test(children.map((child) => letters[child.tag.name] ?? 'e').join(''))) return `<${tag.name}> ${rule[1]}, in this order`;
  if (tag.name !== 'skeleton') return undefined;
  const filled = hasText || children.length > 0;
  return filled === (tag.attributes['href'] !== undefined) ? 'a <skeleton> has either content or an href' : undefined;
}

/** Ids that must be unique, and languages that must agree. */
function scopeFault(node: XmlNode, root: XmlNode): string | undefined {
  const { name } = node.tag;
  if (name === 'xliff') return doubled(node.children, 'file');
  if (name === 'notes' || name === 'originalData') return doubled(node.children, name);
  if (name === 'file' || name === 'group' || name === 'unit') {
    const twice = doubled(extensionsOf(node), 'extension element');
    if (twice !== undefined) return twice;
  }
  if (name === 'file') return subFlowFault(node) ?? doubled(descendants(node, 'unit'), 'unit') ?? doubled(descendants(node, 'group'), 'group');
  if (name === 'unit') return doubled(node.children.filter(({ tag }) => tag.name === 'segment' || tag.name === 'ignorable'), 'segment');
  if (name !== 'source' && name !== 'target') return undefined;
  if (!inSegment(node)) return undefined;
  const declared = root.tag.attributes[name === 'source' ? 'srcLang' : 'trgLang'];
  if (declared === undefined) return name === 'target' ? 'a <target> needs trgLang on <xliff>' : undefined;
  const language = inherited(node, 'xml:lang');
  if (language !== undefined && language.toLowerCase() !== declared.toLowerCase()) return `the language of this <${name}> is ${language}, but the file's is ${declared}`;
  const source = node.parent?.children.find(({ tag }) => tag.name === 'source');
  const space = (of: XmlNode | undefined): string => inherited(of, 'xml:space') ?? 'default';
  return source !== undefined && space(source) !== space(node) ? 'xml:space of <source> and <target> differ' : undefined;
}

/** Extension elements that belong to this file, group or unit and not to one inside of it. */
function extensionsOf(node: XmlNode): readonly XmlNode[] {
  return node.children.filter(({ tag }) => tag.name.includes(':') && !/^(?:gls|mtc|res|ctr|mda|val|slr|fs):/u.test(tag.name)).flatMap((child) => [child, ...everyElement(child)]);
}

/** Units that a code says its attributes are translated in. */
function subFlowFault(file: XmlNode): string | undefined {
  const units = new Set(descendants(file, 'unit').map(({ tag }) => tag.attributes['id']));
  for (const code of ['pc', 'ph', 'sc', 'ec'].flatMap((name) => descendants(file, name))) {
    for (const name of ['subFlows', 'subFlowsStart', 'subFlowsEnd']) {
      const unknown = code.tag.attributes[name]?.split(' ').find((id) => !units.has(id));
      if (unknown !== undefined) return `${name} names "${unknown}", which is no unit of the file`;
    }
  }
  return undefined;
}
