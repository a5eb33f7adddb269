/** Small files of formats that Python can read, with the name that a reader gives to each place of a translation. Ours. */

export interface ReaderDocument {
  readonly path: string;
  /** In `read_document.py`. */
  readonly reader: string;
  readonly text: string;
  /** Place that the reader names, by the key of our segment. */
  readonly places: Readonly<Record<string, string>>;
  /** Around the value, by key: inline codes as they are written, and what the reader shows there. */
  readonly frame?: { readonly written: Frames; readonly read: Frames };
  /** Characters that a place cannot hold, by key: they are taken out of the values. */
  readonly without?: Readonly<Record<string, RegExp>>;
}

type Frames = Readonly<Record<string, readonly [string, string]>>;

const xliff12 = `<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <!-- note -->
  <file original="a.txt" source-language="en" target-language="ja" datatype="plaintext"><body>
    <trans-unit id="1"><source>It rains &amp; pours.</source><target state="new">It rains</target><note>Weather</note></trans-unit>
    <trans-unit id="2"><source>See <g id="7">the town</g> now.</source></trans-unit>
    <trans-unit id="3"><source>Old</source><target state="translated"><![CDATA[古い<text>]]></target></trans-unit>
    <trans-unit id="4" translate="no"><source>Keep</source><target>保つ</target></trans-unit>
  </body></file>
</xliff>
`;

const xliff2 = (version: string): string => `<?xml version="1.0"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:${version}" version="${version}" srcLang="en" trgLang="ja">
 <file id="f1"><unit id="u1">
   <notes><note>Weather</note></notes>
   <segment id="s1" state="initial"><source>It <pc id="1">rains</pc>.</source></segment>
   <ignorable><source> </source></ignorable>
   <segment id="s2"><source>It pours.</source><target>土砂降り。</target></segment>
 </unit></file>
</xliff>
`;

const po = `# Ours
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#. The weather
#, fuzzy, c-format
msgid "It rains, %s"
msgstr "雨 %s"

msgctxt "menu"
msgid "Open"
msgstr ""

msgid "%d day"
msgid_plural "%d days"
msgstr[0] "%d日"
msgstr[1] ""

msgid "Kept"
msgstr "\\"その\\\\まま\\""
`;

const android = `<?xml version="1.0" encoding="utf-8"?>
<resources>
    <!-- note -->
    <string name="rain">It\\'s raining</string>
    <string name="bold">See <i>the town</i></string>
    <string name="cdata"><![CDATA[Plain text]]></string>
    <string name="spaces">"  Two   spaces "</string>
    <string name="fixed" translatable="false">Fixed</string>
    <plurals name="days"><item quantity="other">%d days</item></plurals>
    <string-array name="list"><item>First</item><item>Second &amp; last</item></string-array>
</resources>
`;

const yaml = `# note
ja:
  rain: It rains
  single: 'It''s raining' # note that stays
  double: "It\\tpours"
  deep:
    - One
    - { flow: Two words, kept: 3 }
  number: 7
  flag: true
  block: |
    First line
    second line
  folded: >
    Folded line
  last: The end
`;

const catalogue = `{
  "sourceLanguage" : "en",
  "strings" : {
    "It rains" : {

    },
    "two" : {
      "comment" : "Two",
      "localizations" : {
        "en" : { "stringUnit" : { "state" : "translated", "value" : "Two %@" } },
        "fr" : { "stringUnit" : { "state" : "translated", "value" : "Deux \\"%@\\"" } },
        "ja" : { "stringUnit" : { "value" : "二 %@", "state" : "needs_review" } }
      }
    },
    "days" : { "localizations" : { "en" : { "variations" : { "plural" : { "other" : { "stringUnit" : { "state" : "translated", "value" : "%d days" } } } } } } }
  },
  "version" : "1.0"
}
`;

const arb = '{\n  "@@locale": "en",\n  "rain": "It rains",\n  "@rain": { "description": "Weather" },\n  "greet": "Hello {name}",\n  "@greet": { "placeholders": { "name": {} } }\n}\n';
const json = '{\n  "rain": "It rains",\n  "nested": { "deep.key": "It \\"pours\\"", "n": 1.5, "list": ["One", "T\\u0077o", null, true] },\n  "empty": ""\n}\n';
const tmx = '<?xml version="1.0"?>\n<!-- note -->\n<tmx version="1.4">\n<header srclang="en" datatype="plaintext"/>\n<body>\n<tu tuid="a">\n  <tuv xml:lang="en"><seg>It <bpt i="1">&lt;b></bpt>rains<ept i="1">&lt;/b></ept></seg></tuv>\n  <tuv xml:lang="ja"><seg>雨</seg></tuv>\n</tu>\n<tu tuid="b">\n  <tuv xml:lang="en"><seg>Two</seg></tuv>\n  <tuv xml:lang="ja"><seg>二</seg></tuv>\n  <tuv xml:lang="de"><seg>Zwei &amp; zwei</seg></tuv>\n</tu>\n</body>\n</tmx>\n';
const resx = '<?xml version="1.0"?>\n<root>\n  <!-- note -->\n  <resheader name="version"><value>2.0</value></resheader>\n  <data name="Rain" xml:space="preserve">\n    <value>It rains &amp; {0}</value>\n    <comment>Weather</comment>\n  </data>\n  <data name="Icon" type="System.Drawing.Bitmap"><value>abc</value></data>\n  <data name="Two" xml:space="preserve"><value>Two\nlines</value></data>\n</root>\n';
const stringsdict = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- note -->\n<plist version="1.0">\n<dict>\n  <key>days</key>\n  <dict>\n    <key>NSStringLocalizedFormatKey</key>\n    <string>%#@n@ left</string>\n    <key>n</key>\n    <dict>\n      <key>NSStringFormatValueTypeKey</key>\n      <string>d</string>\n      <key>other</key>\n      <string>%d days</string>\n    </dict>\n  </dict>\n</dict>\n</plist>\n';
const csv = 'key,en,ja,comment\r\nrain,It rains,,"Weather, ""bad"""\r\nb,"Two, ""three""","二、""三""",\r\nc,Four,四,\r\n';

const same = (...names: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(names.map((name) => [name, name]));
const table = { '2/rain': '1/2', '3/b': '2/2', '4/c': '3/2' };
/** Line ends in YAML 1.1, which a block scalar has no escapes for. */
const yamlLineEnds = /[\u0085\u2028]/gu;

export const documents: readonly ReaderDocument[] = [
  { path: 'a.xliff', reader: 'xliff', text: xliff12, places: { '1/1': '1', '1/2': '2', '1/3': '3' }, frame: { written: { '1/2': ['<g id="7">', '</g>。'] }, read: { '1/2': ['⟨g 7⟩', '⟨/g⟩。'] } } },
  ...['2.0', '2.1', '2.2'].map((version): ReaderDocument => ({
    path: `a.${version}.xlf`, reader: 'xliff', text: xliff2(version), places: { 'f1/u1/s1': 's1', 'f1/u1/s2': 's2' },
    frame: { written: { 'f1/u1/s1': ['<pc id="1">', '</pc>。'] }, read: { 'f1/u1/s1': ['⟨pc 1⟩', '⟨/pc⟩。'] } },
  })),
  { path: 'a.tmx', reader: 'tmx', text: tmx, places: { 'a#1': 'a/ja', 'b#2': 'b/ja' } },
  { path: 'values/strings.xml', reader: 'android', text: android, places: same('rain', 'bold', 'cdata', 'spaces', 'days/other', 'list/0', 'list/1'), frame: { written: { bold: ['<i>', '</i>だ'] }, read: { bold: ['⟨i ⟩', '⟨/i⟩だ'], spaces: ['  ', ' '] } } },
  { path: 'a.resx', reader: 'resx', text: resx, places: same('Rain', 'Two') },
  { path: 'a.stringsdict', reader: 'stringsdict', text: stringsdict, places: { 'days/NSStringLocalizedFormatKey': 'days/NSStringLocalizedFormatKey', 'days/n/other': 'days/n/other' } },
  { path: 'a.json', reader: 'json', text: json, places: { 'rain': 'rain', 'nested.deep\\.key': 'nested/deep.key', 'nested.list.0': 'nested/list/0', 'nested.list.1': 'nested/list/1' } },
  { path: 'a.arb', reader: 'json', text: arb, places: same('rain', 'greet') },
  { path: 'a.xcstrings', reader: 'xcstrings', text: catalogue, places: { 'It rains': 'It rains/stringUnit/value', 'two': 'two/stringUnit/value', 'days\u0000variations\u0000plural\u0000other': 'days/variations/plural/other/stringUnit/value' } },
  { path: 'a.csv', reader: 'csv', text: csv, places: table },
  { path: 'a.tsv', reader: 'tsv', text: 'key\ten\tja\nrain\tIt rains\t\nb\tTwo\t"二"\nc\tFour\t四\n', places: table },
  { path: 'a.po', reader: 'po', text: po, places: { 'It rains, %s': '/It rains, %s/msgstr', 'menu\u0004Open': 'menu/Open/msgstr', '%d day\u00040': '/%d day/msgstr[0]', '%d day\u00041': '/%d day/msgstr[1]' } },
  {
    path: 'a.yml', reader: 'yaml', text: yaml, without: { block: yamlLineEnds, folded: yamlLineEnds },
    places: { rain: 'ja/rain', single: 'ja/single', double: 'ja/double', 'deep.[0]': 'ja/deep/0', 'deep.[1].flow': 'ja/deep/1/flow', block: 'ja/block', folded: 'ja/folded', last: 'ja/last' },
    frame: { written: {}, read: { block: ['', '\n'], folded: ['', '\n'] } },
  },
];
