/** Sources that differ in their numbers alone, and the translation of one with the numbers of the other. Pure. */

/** Marks of masked codes have digits as well: they are found first and left alone. */
const numerals = /⟦\d+⟧|[0-9０-９]+(?:[.,．，][0-9０-９]+)*/gu;

/** A masked source with its numbers all alike; the same text where it has none. */
export function withoutNumbers(masked: string): string {
  return masked.replace(numerals, (found) => (found.startsWith('⟦') ? found : '0'));
}

/**
 * The translation of `from` as one of `to`, which differs from it in its numbers alone: each number that differs is replaced,
 * in the width that the translation writes it in. Undefined where a number stands another number of times in the translation
 * than in the source, or two that differ would become one: then it cannot be told which stands for which. Linear.
 */
export function withNumbersOf(translation: string, from: string, to: string): string | undefined {
  if (withoutNumbers(from) !== withoutNumbers(to)) return undefined;
  const [before, after] = [numbersIn(from), numbersIn(to)];
  const found = numbersIn(translation);
  const next = new Map<string, readonly string[]>();
  before.forEach((number, index) => next.set(number, [...(next.get(number) ?? []), after[index] ?? number]));
  for (const [number, values] of next) {
    if (values.every((value) => value === number)) continue;
    if (new Set(values).size > 1 || found.filter((other) => other === number).length !== values.length) return undefined;
  }
  return translation.replace(numerals, (text) => {
    const value = text.startsWith('⟦') ? undefined : next.get(plain(text))?.[0];
    return value === undefined || value === plain(text) ? text : inWidthOf(text, value);
  });
}

function numbersIn(text: string): readonly string[] {
  return (text.match(numerals) ?? []).filter((found) => !found.startsWith('⟦')).map(plain);
}

function plain(number: string): string {
  return number.normalize('NFKC');
}

function inWidthOf(shape: string, number: string): string {
  return plain(shape) === shape ? number : number.replace(/[0-9.,]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}
