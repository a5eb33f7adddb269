/** Texts of a view by key: localised where the host has them, English where it sent none. Pure. */

export type TextsOf<Key extends string> = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

/** @param english every text of the view by key, with `{name}` where a value goes */
export function localisedTexts<Key extends string>(english: Readonly<Record<Key, string>>, localised: Readonly<Record<string, string>>): TextsOf<Key> {
  return (key, values) => {
    const pattern = localised[key] ?? english[key];
    if (values === undefined) return pattern;
    return pattern.replace(/\{(\w+)\}/gu, (whole, name: string) => String(values[name] ?? whole));
  };
}
