/** The difference between two maps of texts, in a form that JSON has. Pure. */

/** null: the text is gone. */
export type MapChanges = Readonly<Record<string, string | null>>;

/** What makes `after` of `before`. Linear. */
export function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Record<string, string | null> {
  const changed = [...after].filter(([key, text]) => before.get(key) !== text);
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => [key, null] as const);
  return Object.fromEntries([...changed, ...gone]);
}

export function applyChanges(before: ReadonlyMap<string, string>, changes: MapChanges): ReadonlyMap<string, string> {
  const after = new Map(before);
  for (const [key, text] of Object.entries(changes)) {
    if (text === null) after.delete(key);
    else after.set(key, text);
  }
  return after;
}
