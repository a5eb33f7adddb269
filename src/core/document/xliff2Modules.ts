/** Constraints of the modules of XLIFF 2.0 to 2.2 (OASIS, section 5), element by element. Pure. */
import { fragmentFault } from './xliff2Fragments.ts';
import { around, doubled, everyElement, inherited, type XmlNode } from './xliff2Tree.ts';

type Check = (node: XmlNode, root: XmlNode) => string | undefined;

interface Rule {
  /** Names of children in order, each followed by a blank; those of other namespaces are `*`. */
  readonly content?: RegExp;
  readonly needs?: readonly string[];
  readonly values?: Readonly<Record<string, RegExp>>;
  /** No text but white space stands between the children. */
  readonly noText?: boolean;
  readonly check?: Check;
}

const token = /^[\p{L}\p{N}._:\u00b7-]+$/u;
const yesNo = /^(?:yes|no)$/u;

/** By module and local name; a name of a module that is not here does not exist. */
const rules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  glossary: {
    glossary: { content: /^(?:glossEntry )+$/u, noText: true, check: ({ children }) => doubled(children.flatMap((entry) => [entry, ...entry.children.filter(({ tag }) => localName(tag.name) === 'translation')]), 'glossary entry or translation') },
    glossEntry: { content: /^term (?=.*(?:translation|definition) )(?:translation )*(?:definition )?(?:\* )*$/u, values: { id: token }, noText: true, check: ({ tag }) => fragmentFault(tag.attributes['ref'] ?? '') },
    term: {}, translation: { values: { id: token } }, definition: {},
  },
  matches: {
    matches: { content: /^(?:match )+$/u, noText: true, check: ({ children }) => doubled(children, 'match') },
    match: { needs: ['ref'], values: { id: token, type: /^(?:am|mt|icm|idm|tb|tm|other)$/u, reference: yesNo }, check: matchFault },
  },
  metadata: {
    metadata: { content: /^(?:metaGroup )+$/u, values: { id: token }, noText: true, check: (node) => doubled(everyElement(node), 'group of metadata') },
    metaGroup: { content: /^(?:(?:metaGroup|meta) )+$/u, values: { id: token, appliesTo: /^(?:source|target|ignorable)$/u }, noText: true },
    meta: { content: /^$/u, needs: ['type'], check: ({ tag }) => (tag.attributes['appliesTo'] === undefined ? undefined : 'appliesTo stands on groups of metadata alone') },
  },
  resourcedata: {
    resourceData: { content: /^(?:(?:resourceItem|resourceItemRef|\*) )+$/u, noText: true, check: ({ children }) => doubled(children, 'resource') },
    resourceItem: { content: /^(?:source )?(?:target )?(?:reference )*$/u, values: { id: token, context: yesNo }, noText: true },
    resourceItemRef: { needs: ['ref'] },
    source: { check: resourceFault }, target: { check: resourceFault }, reference: { needs: ['href'] },
  },
  changetracking: {
    changeTrack: { content: /^(?:revisions )+$/u, noText: true },
    revisions: { content: /^(?:revision )+$/u, needs: ['appliesTo'], noText: true, check: revisionsFault },
    revision: { content: /^(?:item )+$/u, noText: true }, item: { needs: ['property'] },
  },
  sizerestriction: { profiles: {}, normalization: { values: { general: /^(?:none|nfc|nfd)$/u, storage: /^(?:none|nfc|nfd)$/u } }, data: { needs: ['profile'] } },
  validation: {
    validation: { content: /^(?:(?:rule|\*) )+$/u, noText: true },
    rule: { values: { caseSensitive: yesNo, normalization: /^(?:none|nfc|nfd)$/u, occurs: /^[1-9]\d*$/u, existsInSource: yesNo, disabled: yesNo }, check: validationFault },
  },
  fs: {},
};

const fsNames = new Set(`a b bdo big blockquote body br button caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 head hr html i img
  ins kbd label legend li link ol p pre q s samp select small span strike strong style sub sup table tbody td tfoot th thead title tr tt u ul var abbr acronym
  address area base basefont dfn dir fieldset font form frame frameset iframe input isindex map menu meta noframes noscript object optgroup option param script textarea applet`.split(/\s+/u));

/** What is wrong with an element of a module, or with a module's attributes on any element. */
export function moduleFault(node: XmlNode, root: XmlNode): string | undefined {
  const attributes = attributeFault(node);
  if (attributes !== undefined) return attributes;
  const module = moduleOf(node, node.tag.name);
  if (module === undefined) return undefined;
  const rule = rules[module]?.[localName(node.tag.name)];
  return rule === undefined ? `<${node.tag.name}> does not exist in its module` : elementFault(node, rule, root);
}

function elementFault(node: XmlNode, { content, needs = [], values = {}, noText = false, check }: Rule, root: XmlNode): string | undefined {
  const { name, attributes } = node.tag;
  const own = moduleOf(node, name);
  const children = node.children.map((child) => `${moduleOf(child, child.tag.name) === own ? localName(child.tag.name) : '*'} `).join('');
  if (content?.test(children) === false) return `<${name}> does not hold what it should`;
  if (noText && node.hasText) return `<${name}> holds elements and no text`;
  const missing = needs.find((needed) => attributes[needed] === undefined);
  if (missing !== undefined) return `a <${name}> has no ${missing}`;
  const wrong = Object.entries(values).find(([attribute, pattern]) => attributes[attribute] !== undefined && !pattern.test(attributes[attribute]));
  if (wrong !== undefined) return `"${attributes[wrong[0]] ?? ''}" is no value for ${wrong[0]} of <${name}>`;
  return check?.(node, root);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The module that a prefixed name belongs to, by the namespace that its prefix is bound to. */
function moduleOf(node: XmlNode, name: string): string | undefined {
  const colon = name.indexOf(':');
  if (colon < 0) return undefined;
  const module = /^urn:oasis:names:tc:xliff:([a-z]+):2\.[0-2]$/u.exec(inherited(node, `xmlns:${name.slice(0, colon)}`) ?? '')?.[1];
  return module !== undefined && Object.hasOwn(rules, module) ? module : undefined;
}

function attributeFault(node: XmlNode): string | undefined {
  const { name: element, attributes } = node.tag;
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.includes(':') || name.startsWith('xml')) continue;
    const module = moduleOf(node, name);
    const local = localName(name);
    const fault = module === 'fs' ? formatFault(local, value) : module === 'sizerestriction' ? sizeFault(node, local, value) : undefined;
    if (fault !== undefined) return `${fault} (${name} of <${element}>)`;
    if (module === 'fs' && local === 'subFs' && attributes[name.replace('subFs', 'fs')] === undefined) return `${name} of <${element}> needs fs as well`;
  }
  return undefined;
}

function formatFault(name: string, value: string): string | undefined {
  if (name !== 'fs' && name !== 'subFs') return `"${name}" does not exist in the format style module`;
  return name === 'fs' && !fsNames.has(value) ? `"${value}" is no HTML element` : undefined;
}

/** Numbers are asked for only where the profile is the standard's own or none is named; other profiles have their own syntax. */
function sizeFault(node: XmlNode, name: string, value: string): string | undefined {
  const { attributes, name: element } = node.tag;
  const isRestriction = name === 'sizeRestriction' || name === 'storageRestriction';
  if (isRestriction && isStandard(node) && !/^(?:\*|\d+(?:,(?:\d+|\*))?)$/u.test(value)) return `"${value}" is no size: *, a number, or two of them with a comma`;
  if (name === 'equivStorage' && isStandard(node) && !/^\d+$/u.test(value) && element !== 'pc') return `"${value}" is no number`;
  if (name !== 'sizeInfo' && name !== 'sizeInfoRef') return undefined;
  if (element === 'ec' && attributes['isolated'] !== 'yes') return 'an <ec> that is not isolated has no size';
  const others = Object.keys(attributes).filter((other) => moduleOf(node, other) === 'sizerestriction' && /^sizeInfo(?:Ref)?$/u.test(localName(other)));
  if (others.length > 1) return 'sizeInfo and sizeInfoRef exclude each other';
  if (name === 'sizeInfo') return isStandard(node) && /^\d*\.\d+$/u.test(value) ? `"${value}" is no whole number` : undefined;
  return isInSizeData(node, value) ? undefined : `"${value}" is nothing in a <data> of the size module beside this element or one around it`;
}

function isStandard(node: XmlNode): boolean {
  const file = around(node, 'file');
  const profiles = file?.children.find((child) => moduleOf(child, child.tag.name) === 'sizerestriction' && localName(child.tag.name) === 'profiles');
  return /^(?:xliff:.*)?$/u.test(profiles?.tag.attributes['generalProfile'] ?? '');
}

function isInSizeData(node: XmlNode, id: string): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    const data = at.children.filter((child) => moduleOf(child, child.tag.name) === 'sizerestriction' && localName(child.tag.name) === 'data');
    if (data.some((found) => everyElement(found).some(({ tag }) => tag.attributes['id'] === id))) return true;
  }
  return false;
}

/** A match is for a span of its own unit's text. */
function matchFault(node: XmlNode): string | undefined {
  const { ref = '', subType, type } = node.tag.attributes;
  if (node.tag.attributes['xml:lang'] !== undefined) return 'xml:lang may not stand on a match';
  if (subType !== undefined && type === undefined) return 'subType needs a type';
  if (!ref.startsWith('#')) return `"${ref}" is no reference: "#" and an id`;
  const bad = fragmentFault(ref);
  if (bad !== undefined) return bad;
  const unit = around(node, 'unit');
  const id = ref.slice(ref.lastIndexOf('/') + 1).replace(/^#?(?:t=)?/u, '');
  const spans = unit?.children.filter(({ tag }) => tag.name === 'segment' || tag.name === 'ignorable').flatMap((part) => [part, ...everyElement(part)]);
  return spans?.some(({ tag }) => tag.attributes['id'] === id) === true ? undefined : `ref names "${id}", which is no text of the unit`;
}

/** A text of its own or a file elsewhere, in the language of the file's source. */
function resourceFault({ tag, children, hasText }: XmlNode, root: XmlNode): string | undefined {
  const filled = hasText || children.length > 0;
  if (filled === (tag.attributes['href'] !== undefined)) return `a <${tag.name}> has either content or an href`;
  const language = tag.attributes['xml:lang']?.toLowerCase();
  const declared = root.tag.attributes['srcLang']?.toLowerCase();
  return localName(tag.name) === 'source' && language !== undefined && language !== declared ? `the language of this <${tag.name}> is ${language}, but the file's is ${declared ?? ''}` : undefined;
}

/** What was changed is in the element that holds the history. */
function revisionsFault({ tag, parent }: XmlNode): string | undefined {
  const { ref } = tag.attributes;
  const holder = parent?.parent;
  if (ref === undefined || holder === undefined) return undefined;
  return everyElement(holder).some((node) => node.tag.attributes['id'] === ref) ? undefined : `ref names "${ref}", which is nothing in the <${holder.tag.name}>`;
}

function validationFault(node: XmlNode): string | undefined {
  const { attributes } = node.tag;
  const own = ['isPresent', 'isNotPresent', 'startsWith', 'endsWith'].filter((name) => attributes[name] !== undefined);
  const custom = Object.keys(attributes).filter((name) => name.includes(':') && !name.startsWith('xml'));
  if (own.length + custom.length !== 1) return 'a rule has exactly one of isPresent, isNotPresent, startsWith, endsWith and a rule of one\'s own';
  return attributes['existsInSource'] !== undefined && (own.length === 0 || own[0] === 'isNotPresent') ? 'existsInSource goes with isPresent, startsWith or endsWith' : undefined;
}
