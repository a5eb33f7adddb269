/** What a translator is shown of each format: all that is to be translated, nothing else, with what was noted about it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecById } from '../../../../src/core/document/codecs.ts';
import { maskSegment } from '../../../../src/core/document/placeholders.ts';
import { failure, parse, write, type Parsing } from './support.ts';

/** `key: masked text`, and behind it the note. */
function shown(parsing: Parsing, text: string): readonly string[] {
  return parse(parsing, text).segments.map((segment) => `${segment.unit?.key ?? segment.kind}: ${maskSegment(segment).text}${segment.unit?.note === undefined ? '' : ` (${segment.unit.note})`}`);
}

describe('Android', () => {
  const file = (entries: string): string => `<resources>\n${entries}\n</resources>\n`;
  const android = { id: 'android', target: 'ja' } as const;

  it('variants for products are entries of their own, references are no texts', () => {
    const variants = file('<string name="a" product="tablet">Your tablet</string>\n<string name="a" product="default">Your phone</string>\n<string name="b">@string/a</string>\n<string name="c">?attr/x</string>\n<string name="d">\\@home</string>\n<item type="string" name="e">Typed</item>');
    assert.deepEqual(shown(android, variants), ['a@tablet: Your tablet', 'a@default: Your phone', 'd: @home', 'e: Typed']);
    assert.match(failure(android, variants.replace('default', 'tablet')), /^3:1 the name "a" is there twice/u);
    assert.equal(write(android, variants, { 'Your phone': '電話', '@home': '@家' }), variants.replace('Your phone', '電話').replace('\\@home', '\\@家'));
  });

  it('the tool that reads it takes escapes in CDATA as well; the tags there stay', () => {
    const cdata = file('<string name="a"><![CDATA[<a href="x">It\\\'s</a><br>a\\nb]]></string>');
    assert.deepEqual(shown(android, cdata), ['a: ⟦1⟧It\'s⟦2⟧⟦3⟧a⟦4⟧b']);
    assert.equal(write(android, cdata, { '<a href="x">It\'s</a><br>a\nb': '<a href="x">"それ" & \'</a>b<br>\n]]>' }), file('<string name="a"><![CDATA[<a href="x">\\"それ\\" & \\\'</a>b<br>\\n]]]]><![CDATA[>]]></string>'));
  });
});

describe('YAML', () => {
  it('words for true and false of YAML 1.1 and the symbols of Ruby are no texts', () => {
    assert.deepEqual(shown({ id: 'yaml', target: 'ja' }, 'a: yes\nb: "yes"\nc: Off\nd:\n  - :year\n  - "% of :year"\ne: no way\n'), ['b: yes', 'd.[1]: % of :year', 'e: no way']);
  });

  it('a text is quoted where YAML would read it as something else', () => {
    const flow = 'a: [One, Two]\nb: Three\n';
    assert.equal(write({ id: 'yaml' }, flow, { One: 'a, b', Two: 'ja: nein', Three: 'a, [b]' }), 'a: ["a, b", "ja: nein"]\nb: a, [b]\n');
    assert.equal(write({ id: 'yaml' }, flow, { One: '一', Two: 'x?', Three: '.inf' }), 'a: [一, "x?"]\nb: ".inf"\n');
    assert.equal(write({ id: 'yaml' }, flow, { Three: 'a\u2028b\u0085c' }), 'a: [One, Two]\nb: "a\\u2028b\\u0085c"\n');
    assert.deepEqual(shown({ id: 'yaml', target: 'ja' }, 'ja:\n  a: "x\u2028y"\n  b: B\n'), ['a: x\u2028y', 'b: B'], 'a line separator begins no line');
  });

  it('blank and indented lines of a folded block stay what they are', () => {
    const fold = 'a: >\n  One\n';
    for (const text of ['一\n二', '一\n\n三', '一\n\n\n四\n五', '一\n  二\n\n三']) {
      const written = write({ id: 'yaml' }, fold, { One: text });
      assert.equal(parse({ id: 'yaml' }, written).segments[0]?.source, text, written);
    }
  });
});

describe('subtitles', () => {
  it('WebVTT: classes, voices and times are tags, references are characters', () => {
    const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Anna>Rain &amp; <c.red>storm</c> <00:01.500>now\n';
    assert.deepEqual(shown({ id: 'vtt' }, vtt), ['0/00:01.000 --> 00:02.000: ⟦1⟧Rain & ⟦2⟧storm⟦3⟧ ⟦4⟧now']);
    assert.equal(write({ id: 'vtt' }, vtt, { '<v.loud Anna>Rain & <c.red>storm</c> <00:01.500>now': '<v.loud Anna>雨 < & <c.red>嵐</c> --> <00:01.500>今' }), vtt.replace(/<v.*/u, '<v.loud Anna>雨 &lt; &amp; <c.red>嵐</c> --&gt; <00:01.500>今'));
  });

  it('WebVTT: identifiers, styles, regions and comments keep every byte, whatever they hold', () => {
    const vtt = 'WEBVTT - A &amp; B\nKind: captions\n\nREGION\nid:a&amp;b\nwidth:40%\n\nSTYLE\n::cue(.a) { content: "&lt;Rain&gt;" }\n\nNOTE Rain &amp; <b>snow</b>\n\nintro &amp; <b>one</b> &nbsp;\n00:01.000 --> 00:02.000 align:start\nRain &amp; snow\n\nNOTE\nlong &lt;\n\n2 &#x26;\n00:02.000 --> 00:03.000\nSun\n';
    assert.deepEqual(parse({ id: 'vtt' }, vtt).segments.map(({ source }) => source), ['Rain & snow', 'Sun']);
    assert.equal(write({ id: 'vtt' }, vtt, {}), vtt);
    assert.equal(write({ id: 'vtt' }, vtt, { 'Rain & snow': '雨 & 雪', Sun: '<日>' }), vtt.replace('Rain &amp; snow\n\n', '雨 &amp; 雪\n\n').replace('Sun', '&lt;日>'));
  });

  it('SubRip: overrides are placeholders, an arrow is text', () => {
    const srt = '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}Rain -->\n';
    assert.deepEqual(shown({ id: 'srt' }, srt), ['0/00:00:01,000 --> 00:00:02,000: ⟦1⟧Rain -->']);
    assert.equal(write({ id: 'srt' }, srt, { '{\\an8}Rain -->': '{\\an8}雨 -->' }), srt.replace('Rain', '雨'));
  });
});

describe('HTML', () => {
  const html = '<p>Name <input placeholder="Your &amp; name" value="x"> or <input placeholder="Your nick"></p>\n<p><img src="a.png" alt=\'A dog\'> <button type="submit" title="Now">Send</button><input type="submit" value="Go"></p>\n';
  const sources = (text: string): readonly string[] => parse({ id: 'html' }, text).segments.map(({ source }) => source);

  it('what people read in the attributes of a tag stands in its sentence', () => {
    assert.deepEqual(parse({ id: 'html' }, html).segments.map((segment) => maskSegment(segment).text), ['Name ⟦1⟧Your ⟦2⟧ name⟦3⟧ or ⟦4⟧Your nick⟦5⟧', '⟦1⟧A dog⟦2⟧ ⟦3⟧Now⟦4⟧Send⟦5⟧⟦6⟧Go⟦7⟧']);
    assert.deepEqual(sources('<meta property="og:title" content="Title"><meta name="viewport" content="width"><select><optgroup label="Group"><option>One</select>'), ['Title', 'Group', 'One']);
  });

  it('templates, what is shown without scripts, drawings and the text of fields are read, each in its place', () => {
    const page = `<!doctype html><html><head><title>Page</title><noscript><link rel="stylesheet" href="a.css"></noscript></head><body>
<noscript>\n  <p>Please turn on <b>JavaScript</b> &amp; reload.</p>\n</noscript>
<template id="row"><tr><td>Price <slot name="p"></slot></td></tr><template><p>Inner one</p></template></template>
<svg viewBox="0 0 1 1" role="img"><title>Rain &amp; snow</title><desc>A cloud</desc><style>.a { color: "Red one" }</style><metadata>By us</metadata><g><text x="1" y="2">It <tspan dy="1">rains</tspan> now</text><path d="M0 0"/></g><foreignObject><p>In HTML</p></foreignObject></svg>
<textarea name="t" placeholder="Your text">\nDear Sir,\r\n\r\n  I am &lt;fine&gt;, <b>so</b> are you.\n</textarea>
<select><optgroup label="Group"><option value="one">One</option><option>Two</optgroup></select><script>var t = '<template><p>No</p></template>';</script></body></html>\n`;
    assert.deepEqual(parse({ id: 'html' }, page).segments.map((segment) => maskSegment(segment).text), [
      'Page', 'Please turn on ⟦1⟧JavaScript⟦2⟧ ⟦3⟧ reload.', 'Price', 'Inner one', 'Rain ⟦1⟧ snow', 'A cloud', 'It ⟦1⟧rains⟦2⟧ now', 'In HTML', 'Your text', 'Dear Sir,', 'I am ⟦1⟧fine⟦2⟧, <b>so</b> are you.', 'Group', 'One', 'Two',
    ]);
    assert.equal(write({ id: 'html' }, page, {}), page);
    for (const source of sources(page)) {
      const written = write({ id: 'html' }, page, { [source]: `雨 ${source}` });
      assert.equal(written, page.replace(source === 'One' ? '>One' : source, (found) => found.replace(source, `雨 ${source}`)), source);
      assert.equal(sources(written).length, sources(page).length, source);
    }
    assert.equal(write({ id: 'html' }, page, { 'Dear Sir,': '</textarea>\n様' }), page.replace('Dear Sir,', '&lt;/textarea> 様'));
  });

  it('a quote in a translated attribute does not end it', () => {
    const [first = '', second = ''] = sources(html);
    const written = write({ id: 'html' }, html, {
      [first]: first.replace('Your &amp; name', '"名" \'n\' &amp; <').replace('Your nick', '"綽名"').replace('Name', '"Name"'),
      [second]: second.replace('A dog', '"犬" \'d\''),
    });
    assert.equal(written, html.replace('Your &amp; name', '&quot;名&quot; \'n\' &amp; &lt;').replace('Your nick', '&quot;綽名&quot;').replace('Name', '"Name"').replace('A dog', '"犬" &#39;d&#39;'));
  });
});

describe('other resources', () => {
  it('i18next: ordinals have categories of their own', () => {
    const ordinals = JSON.stringify({ p_ordinal_one: '{{count}}st', p_ordinal_two: '{{count}}nd', p_ordinal_few: '{{count}}rd', p_ordinal_other: '{{count}}th place' });
    const categories = (target: string): readonly unknown[] => parse({ id: 'json', target }, ordinals).segments.map(({ unit }) => unit?.plural);
    assert.deepEqual([categories('pl'), categories('it'), categories('en')], [['other'], ['many', 'other'], ['one', 'two', 'few', 'other']]);
  });

  it('.resx: strings that say their type are there, as are names that end like a designer\'s; what is locked is not', () => {
    const data = (name: string, value: string, rest = ''): string => `<data name="${name}"${rest}><value>${value}</value></data>`;
    const resx = `<root>${data('a', 'One', ' type="System.String, mscorlib"')}${data('Customer.Name', 'Two')}${data('&gt;&gt;b.Name', 'b')}${data('c', 'x', ' type="System.Drawing.Size, System.Drawing"')}<data name="d"><value>Locked</value><comment>{Locked}</comment></data></root>`;
    assert.deepEqual(shown({ id: 'resx' }, resx), ['a: One', 'Customer.Name: Two']);
  });

  it('.stringsdict: a format that a translation left without a letter is still its place', () => {
    const dict = '<plist><dict><key>d</key><dict><key>NSStringLocalizedFormatKey</key><string>%#@n@</string></dict></dict></plist>';
    assert.throws(() => parse({ id: 'stringsdict' }, dict), { code: 'document.empty' });
    const { segments } = codecById('stringsdict').parse(dict, { path: 'a', sourceLanguage: 'ja', isTranslation: true });
    assert.deepEqual(segments.map(({ unit }) => unit?.key), ['d/NSStringLocalizedFormatKey']);
  });

  it('.stringsdict: texts by width', () => {
    const dict = '<plist><dict><key>w</key><dict><key>NSStringVariableWidthRuleType</key><dict><key>20</key><string>Short</string><key>50</key><string>Not so short</string></dict></dict></dict></plist>';
    assert.deepEqual(shown({ id: 'stringsdict' }, dict), ['w/NSStringVariableWidthRuleType/20: Short', 'w/NSStringVariableWidthRuleType/50: Not so short']);
  });

  it('TMX: notes of a unit', () => {
    assert.deepEqual(shown({ id: 'tmx', target: 'ja' }, '<tmx><header><note>no</note></header><body><tu tuid="a"><note>Weather</note><tuv xml:lang="en"><seg>Rain</seg></tuv></tu><tu tuid="b"><tuv xml:lang="en"><seg>Sun</seg></tuv></tu></body></tmx>'), ['a#1: Rain (Weather)', 'b#2: Sun']);
  });

  it('CSV: a row may end before its translation', () => {
    const csv = 'key,comment,source,target\na,,One\nb,c,Two,\n';
    assert.deepEqual(shown({ id: 'csv', target: 'ja' }, csv), ['2/a: One', '3/b: Two (c)']);
    assert.equal(write({ id: 'csv' }, csv, { One: '一,', Two: '二' }), 'key,comment,source,target\na,,One,"一,"\nb,c,Two,二\n');
  });
});
