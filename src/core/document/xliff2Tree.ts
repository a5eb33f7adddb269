/** The elements of an XLIFF 2 file as a tree, for its rules. Pure. */
import type { XmlEvents, XmlTag } from './xml.ts';

/** An element with its children, text left out. */
export interface XmlNode {
  readonly tag: XmlTag;
  readonly parent: XmlNode | undefined;
  readonly children: XmlNode[];
  hasText: boolean;
}

/** An element that breaks a rule, and which. */
export interface Fault {
  readonly node: XmlNode;
  readonly reason: string;
}

/** Rules are followed down the tree: beyond this no file is meant for people. */
const maxDepth = 1000;

export class TreeReader implements XmlEvents {
  root: XmlNode | undefined;
  #open: XmlNode | undefined;
  readonly #fail: (offset: number, reason: string) => never;
  #depth = 0;

  constructor(fail: (offset: number, reason: string) => never) {
    this.#fail = fail;
  }

  open(tag: XmlTag): void {
    if (++this.#depth > maxDepth) this.#fail(tag.start, `elements are nested more than ${maxDepth} deep`);
    const node: XmlNode = { tag, parent: this.#open, children: [], hasText: false };
    this.#open?.children.push(node);
    this.root ??= node;
    this.#open = node;
  }

  close(): void {
    this.#depth--;
    this.#open = this.#open?.parent;
  }

  text(content: string): void {
    if (this.#open !== undefined && !this.#open.hasText && /\S/u.test(content)) this.#open.hasText = true;
  }
}

/** Value of an attribute on the element or on the nearest one around it that has it. */
export function inherited(node: XmlNode | undefined, name: string): string | undefined {
  for (let at = node; at !== undefined; at = at.parent) if (at.tag.attributes[name] !== undefined) return at.tag.attributes[name];
  return undefined;
}

export function descendants(node: XmlNode, name: string): readonly XmlNode[] {
  return everyElement(node).filter(({ tag }) => tag.name === name);
}

/** All elements inside of one, in document order. */
export function everyElement(node: XmlNode): readonly XmlNode[] {
  const found: XmlNode[] = [];
  const visit = ({ children }: XmlNode): void => {
    for (const child of children) {
      found.push(child);
      visit(child);
    }
  };
  visit(node);
  return found;
}

/** The nearest element around a node that has this name. */
export function around(node: XmlNode, name: string): XmlNode | undefined {
  let at = node.parent;
  while (at !== undefined && at.tag.name !== name) at = at.parent;
  return at;
}

/** The first node for which `check` has a reason. */
export function firstOf(nodes: readonly XmlNode[], check: (node: XmlNode) => string | undefined): Fault | undefined {
  for (const node of nodes) {
    const reason = check(node);
    if (reason !== undefined) return { node, reason };
  }
  return undefined;
}

/** Says which id is there twice among nodes. */
export function doubled(nodes: readonly XmlNode[], what: string): string | undefined {
  const seen = new Set<string>();
  for (const { tag: { attributes } } of nodes) {
    const id = attributes['id'] ?? attributes['xml:id'];
    if (id !== undefined && seen.has(id)) return `the id "${id}" of a ${what} is there twice`;
    if (id !== undefined) seen.add(id);
  }
  return undefined;
}
