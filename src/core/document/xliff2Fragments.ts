/** Fragment identifiers of XLIFF 2 (section 4.2): `#/f=f1/u=u1/n=n1`. Pure. */

/** What one selector may name, from the outside to the inside; modules and registered extensions stand last, like notes. */
const levels: Readonly<Record<string, number>> = { f: 0, g: 1, u: 2 };

/** Leaves: notes, data, target codes, then the modules and what is registered with the committee. */
const leaves = new Set(['n', 'd', 't', 'gls', 'mtc', 'res', 'ctr', 'mda', 'val', 'slr', 'fs', 'its', 'tbx', 'okp']);

/** What is wrong with a reference inside of the file; references to other places are not looked at. */
export function fragmentFault(reference: string): string | undefined {
  if (!reference.startsWith('#')) return undefined;
  const bad = (reason: string): string => `the reference "${reference}" ${reason}`;
  const selectors = reference.slice(1).replace(/^\//u, '').split('/');
  let level = -1;
  for (const [index, selector] of selectors.entries()) {
    const sign = selector.indexOf('=');
    const prefix = sign < 0 ? undefined : selector.slice(0, sign);
    if (!/^[\p{L}\p{N}._:\u00b7-]+$/u.test(selector.slice(sign + 1))) return bad(`names no id in "${selector}"`);
    const own = prefix === undefined ? undefined : levels[prefix];
    if (own !== undefined) {
      if (own <= level) return bad('names its parts out of order or twice: a file, groups, a unit, then one thing in them');
      level = own === 1 ? 0 : own;
    } else if (index < selectors.length - 1) return bad(`goes on behind "${selector}", which holds nothing`);
    else if (prefix !== undefined && !leaves.has(prefix)) return bad(`has the unknown prefix "${prefix}"`);
  }
  return undefined;
}
