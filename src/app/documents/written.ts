/** The texts that a target file is made of, and who answers for them. Pure. */
import type { Standings } from '../../core/document/frames.ts';
import type { Standing } from '../../core/document/segment.ts';

/** What we have made of the document. */
export interface Written {
  readonly texts: ReadonlyMap<string, string>;
  /** Who answers for what was put since the document was read, and for what was judged before. */
  readonly given: ReadonlyMap<string, Standing>;
  readonly before: ReadonlyMap<string, Standing>;
}

export function standingsOf({ given, before }: Written): Standings {
  return { given: (id) => given.get(id), before: (id) => before.get(id) };
}

/** With texts put (undefined: taken away) and who answers for each. */
export function withTexts(written: Written, changes: ReadonlyMap<string, string | undefined>, standings: ReadonlyMap<string, Standing | undefined>): Written {
  const [texts, given, before] = [new Map(written.texts), new Map(written.given), new Map(written.before)];
  for (const [segment, text] of changes) {
    const standing = standings.get(segment);
    if (text === undefined) texts.delete(segment);
    else texts.set(segment, text);
    if (standing === undefined) {
      given.delete(segment);
      before.delete(segment);
    } else given.set(segment, standing);
  }
  return { texts, given, before };
}
