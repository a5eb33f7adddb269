/** Constraints of inline codes inside one unit of XLIFF 2 (section 4.7): pairs, references, copies. Pure. */
import { fragmentFault } from './xliff2Fragments.ts';
import { around, firstOf, type Fault, type XmlNode } from './xliff2Tree.ts';

/** The first code of a unit that breaks a rule. */
export function inlineFault(unit: XmlNode): Fault | undefined {
  const data = new Set(unit.children.filter(({ tag }) => tag.name === 'originalData').flatMap(({ children }) => children.map(({ tag }) => tag.attributes['id'] ?? '')));
  const notes = new Set(unit.children.filter(({ tag }) => tag.name === 'notes').flatMap(({ children }) => children.map(({ tag }) => tag.attributes['id'] ?? '')));
  for (const side of ['source', 'target'] as const) {
    const codes = codesOf(unit, side);
    const fault = firstOf(codes, (node) => referenceFault(node, data, codes) ?? noteFault(node, notes)) ?? pairFault(codes) ?? (side === 'source' ? doubledFault(codes) : undefined);
    if (fault !== undefined) return fault;
  }
  return orderFault(unit) ?? firstOf(codesOf(unit, 'source'), reorderFault) ?? firstNoFault(unit) ?? sequenceFault(unit) ?? removedFault(unit);
}

/** All inline elements of the unit's sources or targets, in order. */
function codesOf(unit: XmlNode, side: 'source' | 'target'): readonly XmlNode[] {
  const inside = (node: XmlNode): readonly XmlNode[] => node.children.flatMap((child) => [child, ...inside(child)]);
  return unit.children.filter(({ tag }) => tag.name === 'segment' || tag.name === 'ignorable').flatMap(({ children }) => children.filter(({ tag }) => tag.name === side).flatMap(inside));
}

function doubledFault(codes: readonly XmlNode[]): Fault | undefined {
  const seen = new Set<string>();
  return firstOf(codes, ({ tag }) => {
    const { id } = tag.attributes;
    if (id === undefined) return undefined;
    if (seen.has(id)) return `the id "${id}" of a <${tag.name}> is there twice in its unit`;
    seen.add(id);
    return undefined;
  });
}

function referenceFault({ tag }: XmlNode, data: ReadonlySet<string>, codes: readonly XmlNode[]): string | undefined {
  for (const name of ['dataRef', 'dataRefStart', 'dataRefEnd']) {
    const value = tag.attributes[name];
    if (value !== undefined && !data.has(value)) return `${name} names "${value}", which is no data of the unit`;
  }
  if (tag.name === 'cp') return controlFault(tag.attributes['hex'] ?? '');
  const { copyOf, type, subType } = tag.attributes;
  if (['pc', 'ph', 'sc'].includes(tag.name) && type !== undefined && !/^(?:fmt|ui|quote|link|image|other)$/u.test(type)) return `"${type}" is no type of a <${tag.name}>`;
  if (subType?.startsWith('xlf:') === true && ((subType === 'xlf:var') !== (type === 'ui'))) return `subType ${subType} does not go with type ${type ?? ''}`;
  if (copyOf === undefined) return undefined;
  const original = codes.find((code) => code.tag.attributes['id'] === copyOf);
  if (original === undefined) return `copyOf names "${copyOf}", which is no code of the unit`;
  if (original.tag.attributes['canCopy'] === 'no') return `copyOf names "${copyOf}", which may not be copied`;
  return tag.attributes['dataRef'] === undefined ? undefined : 'a code has either copyOf or dataRef';
}

/** Only characters that XML cannot hold are written as <cp>. */
function controlFault(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  const valid = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
  return valid || Number.isNaN(code) ? `U+${hex} must not be written as <cp>` : undefined;
}

function noteFault({ tag }: XmlNode, notes: ReadonlySet<string>): string | undefined {
  if (tag.name !== 'mrk' && tag.name !== 'sm') return undefined;
  const { type, value, ref } = tag.attributes;
  if (type !== 'comment') return ref === undefined ? undefined : fragmentFault(ref);
  if ((value === undefined) === (ref === undefined)) return 'a comment has either a value or a ref';
  const note = /^#(?:(?:f=[^/]+\/)?u=[^/]+\/)?n=([^/]+)$/u.exec(ref ?? '')?.[1];
  return ref === undefined || (note !== undefined && notes.has(note)) ? undefined : `ref "${ref}" names no note of the unit`;
}

/** Starts and ends of spans: isolated ones stand alone, all others have their partner behind them. */
function pairFault(codes: readonly XmlNode[]): Fault | undefined {
  const at = new Map(codes.flatMap((node, index) => (node.tag.name === 'sc' || node.tag.name === 'sm' ? [[node.tag.attributes['id'] ?? '', index] as const] : [])));
  const ended = new Set(codes.flatMap(({ tag }) => (tag.name === 'ec' || tag.name === 'em' ? [tag.attributes['startRef'] ?? ''] : [])));
  return firstOf(codes, (node) => {
    const { name, attributes: { id = '', startRef, isolated } } = node.tag;
    if (name === 'sc' || name === 'sm') {
      if (isolated === 'yes') return ended.has(id) ? 'an isolated <sc> has an end' : undefined;
      return ended.has(id) ? undefined : `<${name}> has no end`;
    }
    if (name !== 'ec' && name !== 'em') return undefined;
    if (isolated === 'yes') return startRef === undefined && id !== '' ? undefined : 'an isolated <ec> has an id and no startRef';
    if (startRef === undefined || (name === 'ec' && id !== '')) return `<${name}> has a startRef and no id, or is isolated`;
    const start = at.get(startRef);
    if (start === undefined || start > codes.indexOf(node)) return `<${name}> stands before its start`;
    return agreementFault(codes[start], node);
  });
}

function agreementFault(start: XmlNode | undefined, end: XmlNode): string | undefined {
  if (end.tag.attributes['fs:fs'] !== undefined) return 'fs:fs stands on an <ec> that is not isolated';
  for (const name of ['canCopy', 'canDelete', 'canOverlap']) {
    const [first, last] = [start?.tag.attributes[name], end.tag.attributes[name]];
    if (last !== undefined && (first ?? 'yes') !== last) return `${name} of the start and of the end differ`;
  }
  const last = end.tag.attributes['canReorder'];
  return last !== undefined && (last === 'yes') !== ((start?.tag.attributes['canReorder'] ?? 'yes') === 'yes') ? 'canReorder of the start and of the end differ' : undefined;
}

/** A sequence of codes that may not move begins with one that says `firstNo`. */
function firstNoFault(unit: XmlNode): Fault | undefined {
  for (const part of unit.children.filter(({ tag }) => tag.name === 'segment' || tag.name === 'ignorable')) {
    let first = false;
    const found = firstOf(codesOf({ ...unit, children: [part] }, 'source'), ({ tag }) => {
      first ||= tag.attributes['canReorder'] === 'firstNo';
      return tag.attributes['canReorder'] === 'no' && !first && tag.name !== 'ec' ? 'canReorder="no" comes without a firstNo before it' : undefined;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Codes that may not move stand in the targets as in the sources: one after another, nested alike, nothing between them. A
 * sequence goes from a `firstNo` to the last `no` behind it.
 */
function sequenceFault(unit: XmlNode): Fault | undefined {
  const targets = codesOf(unit, 'target').filter(isCode);
  for (const sequence of unit.children.flatMap((part) => sequences(codesOf({ ...unit, children: [part] }, 'source').filter(isCode)))) {
    const [first] = sequence;
    const from = targets.findIndex(({ tag }) => tag.attributes['id'] === first?.tag.attributes['id']);
    if (from < 0) continue;
    for (const [index, code] of sequence.entries()) {
      const there = targets[from + index];
      if (there === undefined || nameOf(there) !== nameOf(code) || placeIn(there, sequence) !== placeIn(code, sequence)) return { node: there ?? code, reason: `the code "${nameOf(code)}" may not be reordered, and does not follow the one before it as in the source` };
    }
  }
  return undefined;
}

function sequences(codes: readonly XmlNode[]): readonly (readonly XmlNode[])[] {
  const found: XmlNode[][] = [];
  let open: XmlNode[] | undefined;
  for (const code of codes) {
    const { canReorder } = code.tag.attributes;
    if (canReorder === 'firstNo') found.push(open = [code]);
    else if (canReorder === 'no') open?.push(code);
    else open = undefined;
  }
  return found;
}

/** Annotations may be put anywhere. */
function isCode({ tag }: XmlNode): boolean {
  return tag.name === 'pc' || tag.name === 'ph' || tag.name === 'sc' || tag.name === 'ec';
}

function nameOf({ tag }: XmlNode): string {
  return tag.attributes['id'] ?? tag.attributes['startRef'] ?? '';
}

/** The code of the sequence that a code stands in, if it stands in one. */
function placeIn(code: XmlNode, sequence: readonly XmlNode[]): string {
  const parent = around(code, 'pc');
  return parent !== undefined && sequence.some((other) => nameOf(other) === nameOf(parent)) ? nameOf(parent) : '';
}

/** What may not be deleted stands in some target of the unit, if its own segment has one. */
function removedFault(unit: XmlNode): Fault | undefined {
  const kept = new Set(codesOf(unit, 'target').map(({ tag }) => tag.attributes['id'] ?? tag.attributes['startRef'] ?? ''));
  const translated = unit.children.filter(({ children }) => children.some(({ tag }) => tag.name === 'target'));
  return firstOf(codesOf({ ...unit, children: translated }, 'source'), ({ tag: { name, attributes } }) => (
    attributes['canDelete'] === 'no' && name !== 'ec' && !kept.has(attributes['id'] ?? '') ? 'a code that may not be deleted is missing in the targets' : undefined
  ));
}

/** `order` of targets, the implicit ones by position: each once. */
function orderFault(unit: XmlNode): Fault | undefined {
  const seen = new Set<number>();
  const parts = unit.children.filter(({ tag }) => tag.name === 'segment' || tag.name === 'ignorable');
  const targets = parts.map(({ children }) => children.find(({ tag }) => tag.name === 'target'));
  if (targets.every((target) => target?.tag.attributes['order'] === undefined)) return undefined;
  for (const [index, target] of targets.entries()) {
    const order = Number(target?.tag.attributes['order'] ?? index + 1);
    if (target !== undefined && seen.has(order)) return { node: target, reason: `order ${order} is there twice in the unit` };
    if (target !== undefined) seen.add(order);
  }
  return undefined;
}

/** Codes that may not move may be neither copied nor deleted. */
function reorderFault({ tag }: XmlNode): string | undefined {
  const { canReorder = 'yes', canCopy = 'yes', canDelete = 'yes' } = tag.attributes;
  return canReorder !== 'yes' && (canCopy !== 'no' || canDelete !== 'no') ? 'a code that may not be reordered must have canCopy="no" and canDelete="no"' : undefined;
}
