import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecById, codecFor } from '../../../../src/core/document/codecs.ts';
import { maskSegment } from '../../../../src/core/document/placeholders.ts';
import { translatedPath } from '../../../../src/core/document/targetPaths.ts';
import { insertionOf } from '../../../../src/core/document/insertion.ts';
import { matchKeyed } from '../../../../src/core/document/unitTarget.ts';
import { spliceText } from '../../../../src/core/document/target.ts';
import type { CodecId } from '../../../../src/core/document/segment.ts';
import { skeletons } from './skeletons.ts';
import { failure, parse, write } from './support.ts';

const skeleton = (id: CodecId, index = 0): string => skeletons[id]?.[index] ?? '';

describe('XLIFF', () => {
  const xliff = { id: 'xliff' as const, target: 'ja' };

  it('1.2: writes target and state in place, cuts by seg-source, leaves alternatives and untranslatable units', () => {
    const written = write(xliff, skeleton('xliff'), {
      'It rains & pours.': '雨 & 嵐', 'See <g id="1">the <x id="2"/> town</g> now.': '<g id="1">町 <x id="2"/></g>を見る', 'And more.': '続き', 'Old <text>': '古い <b>',
    });
    const expected = skeleton('xliff')
      .replace('<target state="new">It rains &amp; pours.</target>', '<target state="translated">雨 &amp; 嵐</target>')
      .replace('</g> now.</source>\n', '</g> now.</source>\n        <target state="translated"><g id="1">町 <x id="2"/></g>を見る</target>\n')
      .replace('mid="1">More.</mrk>', 'mid="1">続き</mrk>')
      .replace('<![CDATA[古い<text>]]>', '古い &lt;b>');
    assert.equal(written, expected);
  });

  it('2.1: the state stands in the segment, and existing codes come back', () => {
    const written = write(xliff, skeleton('xliff', 1), { 'It <pc id="1" dataRefStart="d1">rains</pc>.': '<pc id="1" dataRefStart="d1">雨</pc>だ。' });
    assert.ok(written.includes('<segment id="s1" state="reviewed">\n    <source>It <pc id="1" dataRefStart="d1">rains</pc>.</source>\n    <target><pc id="1" dataRefStart="d1">雨</pc>だ。</target>\n   </segment>'));
  });

  it('tells what a unit already has', () => {
    const [first, second, , , last] = parse(xliff, skeleton('xliff')).segments;
    assert.equal(first?.unit?.existing, undefined, 'a new target that repeats the source is no translation');
    assert.equal(first?.unit?.note, 'Weather');
    assert.equal(last?.unit?.existing, '古い<text>');
    assert.equal(maskSegment(second ?? assert.fail()).text, 'See ⟦1⟧the ⟦2⟧ town⟦3⟧ now.');
  });

  it('refuses broken files with a place', () => {
    const head = '<?xml version="1.0"?>\n<xliff version="1.2"><file source-language="en"><body>\n';
    const unit = '<trans-unit id="a"><source>A</source></trans-unit>';
    const broken: readonly (readonly [string, RegExp])[] = [
      [`${head}${unit}\n${unit}</body></file></xliff>`, /^4:1 the id "a"/u],
      [`${head}<trans-unit id="a"><source>A</target></trans-unit>`, /^3:\d+ unexpected close tag <\/target>: the <source> of line 3 is not closed$/u],
      [`${head}${unit}`, /^3:\d+ unclosed tag/u],
      ['<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]><xliff version="1.2"/>', /^2:14 the file declares an XML entity/u],
      ['<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xliff version="1.2"/>', /entities are refused/u],
      ['<?xml version="1.0" encoding="ISO-8859-1"?><xliff version="1.2">é</xliff>', /^1:31 the file says that it is ISO-8859-1/u],
      ['<xliff version="3.0"/>', /version "3.0"/u],
      ['<xliff version="1.2">\n<file source-language="en" target-language="de"><body><trans-unit id="a"><source>A</source></trans-unit></body></file></xliff>', /^2:1 the file is to be translated into de, not ja$/u],
      ['<html/>', /root element is <html>/u],
      [`${head}<trans-unit><source>A</source></trans-unit></body></file></xliff>`, /^3:1 a <trans-unit> has no id/u],
      ['<xliff version="2.0" srcLang="en"><file id="f"><unit id="u"><segment><source>A</source></segment></unit></file></xliff>', /add trgLang="ja"/u],
    ];
    for (const [text, message] of broken) assert.match(failure(xliff, text), message);
  });
});

describe('the rules of XLIFF 2', () => {
  const file = (unit: string, attributes = 'trgLang="ja"'): string => `<xliff version="2.1" srcLang="en" ${attributes}><file id="f">\n${unit}</file></xliff>`;

  it('name the element that breaks one', () => {
    for (const [unit, message] of [
      ['<unit id="u"><ignorable><source> </source></ignorable></unit>', /^2:1 <unit> holds/u],
      ['<unit id="u"><segment id="1"><source>A</source></segment><segment id="1"><source>B</source></segment></unit>', /^2:1 the id "1" of a segment/u],
      ['<unit id="u"><segment><source>A<ph id="1" dataRef="d"/></source></segment></unit>', /^2:\d+ dataRef names "d"/u],
      ['<unit id="u"><segment><source><ec startRef="1"/>A<sc id="1"/></source></segment></unit>', /<ec> stands before its start/u],
      ['<unit id="u"><segment state="done"><source>A</source></segment></unit>', /"done" is no value for state/u],
      ['<unit id="u"><segment><source xml:lang="fr">A</source></segment></unit>', /the language of this <source> is fr/u],
      ['<unit id="u"><segment><source>A<ph id="1" canDelete="no"/></source><target>B</target></segment></unit>', /may not be deleted/u],
      ['<unit id="u"><segment><source>A<cp hex="0041"/></source></segment></unit>', /must not be written as <cp>/u],
    ] as const) assert.match(failure({ id: 'xliff', target: 'ja' }, file(unit)), message);
    const fixed = 'canReorder="no" canDelete="no" canCopy="no"/>';
    assert.match(failure({ id: 'xliff', target: 'ja' }, file(`<unit id="u"><segment><source>A<ph id="1" ${fixed.replace('"no"', '"firstNo"')}<ph id="2" ${fixed}<ph id="3"/></source><target>A<ph id="1"/><ph id="3"/><ph id="2"/></target></segment></unit>`)), /"2" may not be reordered/u);
    assert.equal(failure({ id: 'xliff', target: 'ja' }, file('<unit id="u"><segment><source>A<sc id="1"/></source></segment><segment><source><ec startRef="1"/>B</source></segment></unit>')), 'no error');
  });
});

describe('the rules of the modules of XLIFF 2', () => {
  const modules = ['glossary gls', 'matches mtc', 'metadata mda', 'resourcedata res', 'changetracking ctr', 'sizerestriction slr', 'validation val', 'fs fs'].map((names) => names.split(' '));
  const namespaces = modules.map(([name = '', prefix = '']) => `xmlns:${prefix}="urn:oasis:names:tc:xliff:${name}:2.0"`).join(' ');
  const unit = (module: string, source = 'A'): string => failure({ id: 'xliff', target: 'ja' }, `<xliff version="2.1" srcLang="en" trgLang="ja" ${namespaces}><file id="f"><unit id="u">\n${module}<segment id="s"><source>${source}</source></segment></unit></file></xliff>`);

  it('refuse what breaks them', () => {
    for (const [module, message] of [
      ['<gls:glossary><gls:glossEntry><gls:term>A</gls:term></gls:glossEntry></gls:glossary>', /^2:15 <gls:glossEntry> does not hold/u],
      ['<gls:glossary><gls:glossEntry id="1"><gls:term>A</gls:term><gls:translation id="1">B</gls:translation></gls:glossEntry></gls:glossary>', /^2:1 the id "1"/u],
      ['<mtc:matches><mtc:match ref="#x"><source>A</source><target>B</target></mtc:match></mtc:matches>', /ref names "x"/u],
      ['<mtc:matches><mtc:match ref="s"><source>A</source><target>B</target></mtc:match></mtc:matches>', /"s" is no reference/u],
      ['<mda:metadata><mda:metaGroup><mda:meta>A</mda:meta></mda:metaGroup></mda:metadata>', /has no type/u],
      ['<res:resourceData><res:resourceItem><res:source xml:lang="fr" href="a"/></res:resourceItem></res:resourceData>', /is fr, but the file's is en/u],
      ['<ctr:changeTrack><ctr:revisions appliesTo="note" ref="n"><ctr:revision><ctr:item property="content">A</ctr:item></ctr:revision></ctr:revisions></ctr:changeTrack>', /ref names "n"/u],
      ['<val:validation><val:rule isPresent="a" startsWith="b"/></val:validation>', /exactly one/u],
      ['<val:validation><val:rule isPresent="a" occurs="0"/></val:validation>', /"0" is no value for occurs/u],
      ['<val:other/>', /does not exist in its module/u],
    ] as const) assert.match(unit(module), message, module);
    for (const [source, message] of [
      ['A<pc id="1" fs:fs="paragraph">B</pc>', /"paragraph" is no HTML element/u], ['A<pc id="1" fs:subFs="a,b">B</pc>', /needs fs/u], ['A<pc id="1" slr:sizeRestriction="x">B</pc>', /"x" is no size/u],
      ['A<sc id="1"/><ec startRef="1" slr:sizeInfo="1"/>', /not isolated/u], ['A<mrk id="m" type="my:x" ref="#u=u/f=f/n=1">B</mrk>', /out of order/u], ['A<mrk id="m" type="my:x" ref="#n=1/2">B</mrk>', /holds nothing/u],
      ['A<mrk id="m" type="my:x" ref="#zz=1">B</mrk>', /unknown prefix "zz"/u],
    ] as const) assert.match(unit('', source), message, source);
  });

  it('let pass what keeps them', () => {
    for (const [module, source] of [
      ['<gls:glossary><gls:glossEntry ref="#m"><gls:term>A</gls:term><gls:definition>B</gls:definition></gls:glossEntry></gls:glossary>', 'A <mrk id="m" type="term">B</mrk>'],
      ['<mtc:matches><mtc:match ref="#s"><source>A</source><target>B</target></mtc:match></mtc:matches><val:validation><val:rule startsWith="a" existsInSource="yes"/></val:validation>', 'A<pc id="1" fs:fs="b" slr:sizeRestriction="25,*">B</pc>'],
      ['', 'A<mrk id="m" type="my:x" ref="#/f=f/g=a/g=b/u=u/mda=1">B</mrk> <mrk id="n" type="my:x" ref="http://a.b/#c/d">B</mrk>'],
    ] as const) assert.equal(unit(module, source), 'no error', module + source);
  });
});

describe('PO', () => {
  it('clears the fuzzy flag of what is accepted, keeps wrapping, comments and obsolete entries', () => {
    const written = write({ id: 'po' }, skeleton('po'), { 'It rains, %s': '雨だ、%s', Open: '"開く"', '%d day': '%d日' });
    const expected = skeleton('po').replace('#, fuzzy, c-format', '#, c-format').replace('"雨 %s"', '"雨だ、%s"').replace('#, fuzzy\nmsgctxt "menu"\nmsgid "Open"\nmsgstr ""', 'msgctxt "menu"\nmsgid "Open"\nmsgstr "\\"開く\\""').replace('msgid "%d day"', '#, fuzzy\nmsgid "%d day"');
    assert.equal(written, expected);
    assert.ok(write({ id: 'po' }, skeleton('po'), { 'A long text that is wrapped': '長い文です' }) === skeleton('po'), 'the same text keeps its wrapping');
  });

  it('refuses broken files with a place', () => {
    for (const [text, message] of [
      ['msgid "a\nmsgstr ""', /^1:6 a string in quotes/u], ['msgid "a"\n\nmsgid "b"\nmsgstr ""', /^3:1 a msgid follows a msgid/u], ['msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"', /^4:1 the message "a" is there twice \(first in line 1\)/u],
      ['msgid "a"\nmsgstr[1] "b"', /msgstr\[0\] is expected/u], ['hello', /^1:1 neither/u], ['msgid ""\nmsgstr "Content-Type: text/plain; charset=latin1\\n"\n\nmsgid "é"\nmsgstr ""', /^2:\d+ the header says/u],
    ] as const) assert.match(failure({ id: 'po' }, text), message);
  });
});

describe('resources', () => {
  it('escape as their readers expect', () => {
    const android = write({ id: 'android' }, skeleton('android'), { "It's raining": "それは'雨'", 'See <b>the</b> <xliff:g id="n">%1$s</xliff:g> town': '<b>町</b> <xliff:g id="n">%1$s</xliff:g>', 'A <b>bold</b> word': '<b>太い</b>語' });
    assert.ok(android.includes("<string name=\"rain\">それは\\'雨\\'</string>") && android.includes('\n        <b>町</b> <xliff:g id="n">%1$s</xliff:g>\n') && android.includes('<![CDATA[<b>太い</b>語]]>'));
    assert.ok(write({ id: 'properties' }, 'a = \\u00e9t\\u00e9', { été: '雨' }) === 'a = \\u96E8');
    assert.ok(write({ id: 'json' }, '{"a":"One"}', { One: '"一"\n' }) === '{"a":"\\"一\\""}');
    assert.equal(write({ id: 'yaml' }, skeleton('yaml'), { "It's raining": "雨'だ", 'It rains': 'yes', 'First line\nsecond line': '一\n二' }), skeleton('yaml').replace("'It''s raining'", "'雨''だ'").replace('rain: It rains', 'rain: "yes"').replace('    First line\n    second line', '    一\n    二'));
    assert.ok(write({ id: 'csv' }, 'en,ja\nOne,\n', { One: '一,"二"' }) === 'en,ja\nOne,"一,""二"""\n');
    const catalogue = write({ id: 'xcstrings', target: 'ja' }, skeleton('xcstrings'), { 'It rains': '雨', 'Two %@': '弐 %@', Three: '三' });
    const strings = (JSON.parse(catalogue) as { strings: Record<string, { localizations: Record<string, unknown> }> }).strings;
    assert.deepEqual(['It rains', 'key.two', 'Three'].map((key) => strings[key]?.localizations['ja']), ['雨', '弐 %@', '三'].map((value) => ({ stringUnit: { value, state: 'translated' } })));
  });

  it('write a tag without its partner as text, so that the file stays well-formed', () => {
    const source = 'See <b>the</b> <xliff:g id="n">%1$s</xliff:g> town';
    assert.match(write({ id: 'android' }, skeleton('android'), { [source]: 'A</b> <b>C' }), /\n {8}A&lt;\/b> &lt;b>C\n/u);
    assert.match(write({ id: 'android' }, skeleton('android'), { [source]: '<b>A <b>B</b>' }), /\n {8}&lt;b>A <b>B<\/b>\n/u);
  });

  it('refuse what is broken with a place', () => {
    for (const [id, text, message] of [
      ['json', '{"a": "b",\n "a": "c"}', /^2:2 the key "a"/u], ['json', '{"a": }', /^1:7 value expected/u], ['yaml', 'a: "b', /^1:\d+ Missing closing/u], ['yaml', 'a: b\na: c', /^2:1 Map keys must be unique/u],
      ['strings', '"a" = "b"', /^1:10 ";" is expected/u], ['properties', 'a = \\u12', /^1:5 \\u is not/u], ['srt', '1\n00:00:01 --> 2\nHi', /^2:1 a cue needs a time/u], ['vtt', 'Hello', /^1:1 a WebVTT file begins/u],
      ['csv', 'en,ja\n"a,b', /^2:1 a quote is not closed/u], ['android', '<resources>\n<string name="a">A</string><string name="a">B</string></resources>', /^2:28 the name "a"/u], ['resx', '<root><data><value>A</value></data></root>', /a <data> has no name/u],
      ['tmx', '<tmx><body><tu><tuv><seg>A</seg></tuv></tu></body></tmx>', /no xml:lang/u], ['mdx', '# Hi {\n', /^\d+:\d+ /u], ['xcstrings', '{}', /an object "strings"/u], ['stringsdict', '<dict><dict/></dict', /^1:\d+/u],
    ] as const) assert.match(failure({ id, target: 'ja' }, text), message, id);
  });

  it('mask placeholders, HTML and line breaks', () => {
    const masked = (source: string): string => maskSegment(parse({ id: 'json' }, JSON.stringify({ a: source })).segments[0] ?? assert.fail()).text;
    assert.equal(masked('Hello %1$s, {name} has {{count}} of %d%% and ${x} %@'), 'Hello ⟦1⟧, ⟦2⟧ has ⟦3⟧ of ⟦4⟧⟦5⟧ and ⟦6⟧ ⟦7⟧');
    assert.equal(masked('A <b>bold</b> one\nand {0,number} %(who)s %{n}'), 'A ⟦1⟧bold⟦2⟧ one⟦3⟧and ⟦4⟧ ⟦5⟧ ⟦6⟧');
    assert.equal(masked('100% sure, 5 < 6'), '100% sure, 5 < 6');
  });

  it('find their keys in a file of another order, and put in what it lacks', () => {
    const source = parse({ id: 'json' }, '{\n  "a": "One",\n  "b": "Two",\n  "c": "Three"\n}\n');
    const target = parse({ id: 'json' }, '{\n  "c": "三",\n  "x": "他",\n  "a": "One"\n}\n');
    assert.deepEqual([...matchKeyed(source, target, false).values()], ['三']);
    const missing = source.segments[1] ?? assert.fail();
    const insertion = insertionOf(missing, '二', source, { parsed: target, path: 'ja.json' });
    assert.equal(spliceText(target.text, insertion.range, insertion.text), '{\n  "c": "三",\n  "x": "他",\n  "a": "One",\n  "b": "二"\n}\n');
    const nested = parse({ id: 'json' }, '{"n":{"b":"Two"}}');
    const deeper = insertionOf(nested.segments[0] ?? assert.fail(), '二', nested, { parsed: target, path: 'ja.json' });
    assert.equal(spliceText(target.text, deeper.range, deeper.text), '{\n  "c": "三",\n  "x": "他",\n  "a": "One",\n  "n":{"b":"二"}\n}\n');
    const other = parse({ id: 'json' }, '{"n":"文"}');
    assert.throws(() => insertionOf(nested.segments[0] ?? assert.fail(), '二', nested, { parsed: other, path: 'ja.json' }), { code: 'document.noPlace' });
  });
});

describe('running text', () => {
  it('HTML: tags, references and code stay; attributes that people read are segments', () => {
    const text = '<!doctype html><html lang="en"><title>Rain</title><p title="A tip">It <b>rains</b> &amp; pours. <code>x y</code></p>\n<script>var a = "Hi";</script><ul><li>One<li>Two</ul><img alt="A cat">';
    const document = parse({ id: 'html' }, text);
    assert.deepEqual(document.segments.map((segment) => maskSegment(segment).text), ['Rain', 'A tip', 'It ⟦1⟧rains⟦2⟧ ⟦3⟧ pours.', 'One', 'Two', '⟦1⟧A cat⟦2⟧']);
    assert.equal(codecById('html').encode('a < b & c', document.segments[2] ?? assert.fail()), 'a &lt; b &amp; c');
    assert.match(codecById('html').retarget?.(text, 'ja', 'a') ?? '', /<html lang="ja">/u);
  });

  it('MDX: imports, expressions and components stay', () => {
    const text = 'import A from "./a"\n\n# Hello {name}\n\n<A title="x">\n\nIt <B>rains</B> *now*.\n\n</A>\n\n{1 + 1}\n';
    assert.deepEqual(parse({ id: 'mdx' }, text).segments.map((segment) => maskSegment(segment).text), ['Hello ⟦1⟧', 'It ⟦1⟧rains⟦2⟧ ⟦3⟧now⟦4⟧.']);
  });

  it('ARB and Rails files name the target language', () => {
    assert.equal(codecById('json').retarget?.('{"@@locale":"en"}', 'zh-TW', 'a'), '{"@@locale":"zh_TW"}');
    assert.equal(codecById('yaml').retarget?.('# x\nen:\n  a: One\n', 'ja', 'a'), '# x\nja:\n  a: One\n');
    assert.equal(codecById('yaml').retarget?.('a: One\nen:\n  b: x\n', 'ja', 'a'), 'a: One\nen:\n  b: x\n');
  });
});

describe('target paths', () => {
  it('are those of each ecosystem', () => {
    for (const [from, to] of [
      ['app/res/values/strings.xml', 'app/res/values-ja/strings.xml'], ['en.lproj/Localizable.strings', 'ja.lproj/Localizable.strings'], ['Base.lproj/A.stringsdict', 'ja.lproj/A.stringsdict'],
      ['messages.properties', 'messages_ja.properties'], ['m_en.properties', 'm_ja.properties'], ['lib/app_en.arb', 'lib/app_ja.arb'], ['locales/en.json', 'locales/ja.json'], ['locales/en/common.json', 'locales/ja/common.json'],
      ['config/devise.en.yml', 'config/devise.ja.yml'], ['Strings.resx', 'Strings.ja.resx'], ['movie.en.srt', 'movie.ja.srt'], ['a.xlf', 'a.xlf'], ['po/app.pot', 'po/ja.po'], ['po/ja.po', 'po/ja.po'], ['x.xcstrings', 'x.xcstrings'],
    ] as const) assert.equal(translatedPath(from, { source: 'en', target: 'ja' }), to);
    assert.equal(translatedPath('res/values-en/strings.xml', { source: 'en', target: 'zh-TW' }), 'res/values-zh-rTW/strings.xml');
    assert.equal(translatedPath('a/en/app.en.json', { source: 'en', target: 'ja', patterns: { '.json': '{folder}/../{language}/{name}{ext}' } }), 'a/ja/app.json');
  });

  it('every codec is found by its own extensions', () => {
    for (const [name, id] of [['a/values/foo.xml', 'android'], ['strings_x.xml', 'android'], ['a.XLF', 'xliff'], ['x.stringsdict', 'stringsdict'], ['x.strings', 'strings']] as const) assert.equal(codecFor(name).id, id);
  });
});
