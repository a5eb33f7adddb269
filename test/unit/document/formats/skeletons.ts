/** Small files of every structured format, with the places that a translation can stand in. Ours. */
import type { CodecId } from '../../../../src/core/document/segment.ts';

const xliff12 = `<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <!-- made by hand -->
  <file original='a.txt' source-language="en" target-language="ja" datatype="plaintext">
    <header><skl><external-file href="a.skl"/></skl></header>
    <body>
      <trans-unit id="1" xml:space="preserve">
        <source>It rains &amp; pours.</source>
        <target state="new">It rains &amp; pours.</target>
        <alt-trans><source>It rains</source><target>雨だ</target></alt-trans>
        <note>Weather</note>
      </trans-unit>
      <trans-unit id="2">
        <source>See <g id="1">the <x id="2"/> town</g> now.</source>
      </trans-unit>
      <group id="g"><trans-unit id="3" approved="yes">
        <source>Two parts. And more.</source>
        <seg-source><mrk mtype="seg" mid="0">Two parts.</mrk> <mrk mtype="seg" mid="1">And more.</mrk></seg-source>
        <target state="final"><mrk mtype="seg" mid="0">二つ。</mrk> <mrk mtype="seg" mid="1"/></target>
      </trans-unit></group>
      <trans-unit id="4"><source>Old <![CDATA[<text>]]></source><target state="translated"><![CDATA[古い<text>]]></target></trans-unit>
      <trans-unit id="5" translate="no"><source>Keep</source></trans-unit>
    </body>
  </file>
</xliff>
`.replace('<mrk mtype="seg" mid="1"/>', '<mrk mtype="seg" mid="1">More.</mrk>');

const xliff2 = `<?xml version="1.0"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="ja">
 <file id="f1">
  <notes><note id="n1">For all</note></notes>
  <unit id="u1">
   <originalData><data id="d1">[b]</data></originalData>
   <segment id="s1" state="initial">
    <source>It <pc id="1" dataRefStart="d1">rains</pc>.</source>
   </segment>
   <ignorable><source> </source></ignorable>
   <segment id="s2">
    <source>It <ph id="2"/> pours.</source>
    <target>土砂<ph id="2"/>降り。</target>
   </segment>
  </unit>
 </file>
</xliff>
`;

const po = `# Ours
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#. The weather
#: a.c:1
#, fuzzy, c-format
#| msgid "It rained"
msgid "It rains, %s"
msgstr "雨 %s"

#, fuzzy
msgctxt "menu"
msgid "Open"
msgstr ""

msgid ""
"A long text "
"that is wrapped\\n"
msgstr ""
"長い文"
"です\\n"
msgid "%d day"
msgid_plural "%d days"
msgstr[0] "%d日"
msgstr[1] ""

#~ msgid "Gone"
#~ msgstr "なし"
`;

const android = `<?xml version="1.0" encoding="utf-8"?>
<resources xmlns:xliff="urn:oasis:names:tc:xliff:document:1.2">
    <!-- Weather -->
    <string name="rain">It\\'s raining</string>
    <string name="bold">
        See <b>the</b> <xliff:g id="n">%1$s</xliff:g> town
    </string>
    <string name="cdata"><![CDATA[A <b>bold</b> word]]></string>
    <string name="quoted">"  Two   spaces "</string>
    <string name="fixed" translatable="false">Fixed</string>
    <plurals name="days"><item quantity="one">%d day</item><item quantity="other">%d days</item></plurals>
    <string-array name="list"><item>First</item><item>Second &amp; last</item></string-array>
</resources>
`;

const json = '{\n  // weather\n  "rain": "It rains",\n  "nested": { "deep.key": "It \\"pours\\"", "n": 1, "list": ["One", "T\\u0077o"] },\n  "item_one": "{{count}} item",\n\t"item_other" : "{{count}} items",\n}\n';

const yaml = `# Ours
en:
  rain: It rains
  quoted: 'It''s raining'
  double: "It\\tpours"
  deep:
    - One
    - &anchor Two
    - *anchor
  block: |
    First line
    second line
  last: The end # really
`;

export const skeletons: Partial<Record<CodecId, readonly string[]>> = {
  xliff: [xliff12, xliff2],
  po: [po],
  android: [android],
  properties: ['# Weather\nrain=It rains\n! x\nlong : It rains \\\n    and pours\nspace\\ key  A\\u00e9 b\\n\nlast=The \\\\ end', 'a = \\u00e9t\\u00e9\nb = Two'],
  json: [json, '{"a":"One","b":{"c":"Two"}}'],
  yaml: [yaml],
  resx: ['<?xml version="1.0"?>\n<root>\n  <resheader name="version"><value>2.0</value></resheader>\n  <data name="Rain" xml:space="preserve">\n    <value>It rains &amp; {0}</value>\n    <comment>Weather</comment>\n  </data>\n  <data name="Icon" type="System.Drawing.Bitmap"><value>abc</value></data>\n  <data name="Two"><value>Two\nlines</value></data>\n</root>\n'],
  strings: ['/* Weather */\n"rain" = "It rains, %@";\n// x\n"a \\"b\\"" = "Two\\nlines";\nbare = "Bare";\n'],
  stringsdict: ['<?xml version="1.0"?>\n<plist version="1.0">\n<dict>\n  <key>days</key>\n  <dict>\n    <key>NSStringLocalizedFormatKey</key>\n    <string>%#@n@ left</string>\n    <key>n</key>\n    <dict>\n      <key>one</key>\n      <string>%d day</string>\n      <key>other</key>\n      <string>%d days</string>\n    </dict>\n  </dict>\n</dict>\n</plist>\n'],
  xcstrings: ['{\n  "sourceLanguage" : "en",\n  "strings" : {\n    "It rains" : {\n\n    },\n    "key.two" : {\n      "comment" : "Two",\n      "localizations" : {\n        "en" : { "stringUnit" : { "state" : "translated", "value" : "Two %@" } },\n        "ja" : { "stringUnit" : { "value" : "二 %@", "state" : "needs_review" } }\n      }\n    },\n    "Three" : { "localizations" : { "fr" : { "stringUnit" : { "state" : "translated", "value" : "Trois" } } } },\n    "Four" : {}\n  },\n  "version" : "1.0"\n}\n'],
  srt: ['1\n00:00:01,000 --> 00:00:02,000 X1:1\nIt rains.\nIt pours.\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>See</i> you\n'],
  vtt: ['WEBVTT - ours\n\nNOTE\nnothing\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Anna>It rains.\nIt pours.\n\n00:03.000 --> 00:04.000\nSee you\n'],
  csv: ['key,en,ja,comment\nrain,It rains,,Weather\n"b","Two, ""three""","二、""三""",\nc,Four,"四",\n', 'source\ttarget\nOne\t一\nTwo\t\n'],
  tmx: ['<?xml version="1.0"?>\n<tmx version="1.4">\n<header srclang="en"/>\n<body>\n<tu tuid="a">\n  <tuv xml:lang="en-US"><seg>It <bpt i="1">&lt;b></bpt>rains<ept i="1">&lt;/b></ept></seg></tuv>\n  <tuv xml:lang="ja"><seg>雨</seg></tuv>\n</tu>\n<tu>\n  <tuv xml:lang="en"><seg>Two</seg></tuv>\n  <tuv xml:lang="de"><seg>Zwei</seg></tuv>\n</tu>\n</body>\n</tmx>\n'],
};
