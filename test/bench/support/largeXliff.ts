const units = 60_000;

/** About 13 MB of XLIFF 1.2 as tools write it. */
export function largeXliff(): string {
  const body = Array.from({ length: units }, (_, index) => `      <trans-unit id="u${index}">\n        <source>Sentence number ${index} says that it rains &amp; pours in <g id="1">town ${index % 97}</g>.</source>\n        <target state="translated">文${index}は町${index % 97}に雨が降ると言う。</target>\n      </trans-unit>\n`);
  return `<?xml version="1.0"?>\n<xliff version="1.2"><file original="a" source-language="en" target-language="ja" datatype="plaintext"><body>\n${body.join('')}</body></file></xliff>\n`;
}
