/**
 * A text in which no control token of the model is left: a document that speaks of `<|end|>` must not end its own
 * translation. A space goes after the first character of each; the model's view of the text changes, the document does not.
 */
export function withoutControlTokens(text: string, controlTokens: readonly string[]): string {
  let safe = text;
  for (const token of controlTokens.filter((candidate) => candidate.length > 1)) {
    const [first = ''] = token;
    safe = safe.replaceAll(token, `${first} ${token.slice(first.length)}`);
  }
  return safe;
}
