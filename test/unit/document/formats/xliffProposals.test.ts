/** What an XLIFF file proposes for its own texts: `alt-trans` and matches. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { FileMatch } from '../../../../src/core/document/segment.ts';
import { memoryCandidate } from '../../../../src/core/memory/fit.ts';
import { sharedData } from '../../support/sharedData.ts';
import { parse } from './support.ts';

function matchesIn(text: string, target = 'ja'): readonly (readonly FileMatch[] | undefined)[] {
  return parse({ id: 'xliff', target }, text).segments.map(({ unit }) => unit?.matches);
}

function targets(text: string, target = 'ja'): readonly (readonly string[])[] {
  return matchesIn(text, target).map((matches) => (matches ?? []).map(({ target }) => target));
}

function version1(unit: string): string {
  return `<xliff version="1.2"><file source-language="en-US" target-language="ja" original="a" datatype="plaintext"><body><trans-unit id="a">${unit}</trans-unit></body></file></xliff>`;
}

function version2(unit: string): string {
  return `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0" version="2.0" srcLang="en" trgLang="ja"><file id="f"><unit id="u">${unit}</unit></file></xliff>`;
}

describe('alt-trans of XLIFF 1.2', () => {
  it('is a match with its source, its quality and where it is from', () => {
    const text = version1('<source>It rains.</source><target>x</target>'
      + '<alt-trans match-quality="87.5%" origin="TM" tool-id="t1"><source xml:lang="en">It &amp; rains</source><target xml:lang="ja-JP"> 雨と</target><note>n</note></alt-trans>'
      + '<alt-trans><target>雨です。</target></alt-trans><alt-trans match-quality="good"><target>雨だ。</target></alt-trans>');
    assert.deepEqual(matchesIn(text), [[
      { source: 'It & rains', target: '雨と', score: 87, origin: 'TM, t1' },
      { source: undefined, target: '雨です。', score: undefined, origin: undefined },
      { source: undefined, target: '雨だ。', score: undefined, origin: undefined },
    ]]);
  });

  it('is none where it was rejected, is empty or in another language, or its source is not known', () => {
    const alternatives = ['alttranstype="rejected"', 'alttranstype="reference"', 'alttranstype="previous-version"', 'xml:lang="de"', 'mid="9"'].map((attribute) => `<alt-trans ${attribute}><target>雨</target></alt-trans>`);
    assert.deepEqual(targets(version1(`<source>It rains.</source>${alternatives.join('')}<alt-trans/><alt-trans><target/></alt-trans><alt-trans><source>S</source></alt-trans>`
      + '<alt-trans><source xml:lang="de">Es regnet.</source><target>雨</target></alt-trans><alt-trans alttranstype="previous-version"><source>It rained.</source><target>降った</target></alt-trans>')), [['降った']]);
  });

  it('is for the part that it names, without the marks of other segments', () => {
    const cut = '<source>One. Two.</source><seg-source><mrk mtype="seg" mid="0">One.</mrk> <mrk mtype="seg" mid="1">Two.</mrk></seg-source><target><mrk mtype="seg" mid="0"/> <mrk mtype="seg" mid="1"/></target>';
    assert.deepEqual(targets(version1(`${cut.replace(/<mrk mtype="seg" mid="(\d)"\/>/gu, '<mrk mtype="seg" mid="$1"></mrk>')}<alt-trans mid="1"><target><mrk mtype="seg" mid="7"><g id="1">二</g></mrk></target></alt-trans><alt-trans><target>一、二</target></alt-trans>`)), [[], ['<g id="1">二</g>']]);
  });

  it('changes nothing of a unit that has none', () => {
    assert.deepEqual(matchesIn(version1('<source>It rains.</source>')), [undefined]);
  });
});

describe('matches of XLIFF 2', () => {
  it('are for the segment that they name, by similarity before quality', () => {
    const pair = (attributes: string, target: string): string => `<mtc:match ${attributes}><source>It rained.</source><target>${target}</target></mtc:match>`;
    const text = version2(`<mtc:matches>${pair('id="1" ref="#s1" similarity="80.0" matchQuality="99" origin="MT" type="mt"', '降った')}${pair('id="2" ref="#s2" matchQuality="70"', '二')}${pair('id="3" ref="#t=s2"', '三')}${pair('id="4" ref="#s2" reference="yes"', '四')}</mtc:matches>`
      + '<segment id="s1"><source>It rains.</source></segment><segment id="s2"><source>It pours.</source></segment>');
    assert.deepEqual(matchesIn(text), [
      [{ source: 'It rained.', target: '降った', score: 80, origin: 'MT, mt' }],
      [{ source: 'It rained.', target: '二', score: 70, origin: undefined }],
    ]);
  });

  it('are for a marked stretch that is all of a segment, with its mark', () => {
    const marked = (source: string): string => version2(`<mtc:matches><mtc:match ref="#m1"><source>It rains</source><target>雨</target></mtc:match></mtc:matches><segment><source>${source}</source></segment>`);
    const [segment] = parse({ id: 'xliff', target: 'ja' }, marked('<mrk id="m1" type="mtc:match">It <pc id="1">rains</pc></mrk>')).segments;
    assert.deepEqual(segment?.unit?.matches?.map(({ target }) => target), ['<mrk id="m1" type="mtc:match">雨</mrk>']);
    assert.deepEqual(targets(marked('<mrk id="m1" type="mtc:match">It</mrk> <mrk id="m2" type="x">rains</mrk>')), [[]]);
  });

  it('of files as tools write them are candidates with the segment\'s codes', (t) => {
    const data = sharedData('l10n-files');
    if (data === undefined) {
      t.skip('needs ../shared/data/l10n-files');
      return;
    }
    const folder = join(data, 'oasis-xliff/xliff-21');
    const read = (name: string) => parse({ id: 'xliff', path: name }, readFileSync(join(folder, name), 'utf8').replace(/^\uFEFF/u, '')).segments;
    const [bold] = read('modules/valid/Good-mtc_match-with-inlines.xlf');
    assert.ok(bold !== undefined);
    const candidates = (bold.unit?.matches ?? []).map(({ source = '', target }) => memoryCandidate({ kind: 'exact', score: 100, inFile: true, unit: { source, target, origin: 'f' } }, bold));
    assert.deepEqual(candidates.map(({ text, issues, memory }) => [text, issues, memory?.inFile]), [
      ['Text en <pc id="1">gras</pc>.<ph id="2"/>', undefined, true], ['Text <pc id="1">gras</pc>.<ph id="2"/>', undefined, true],
    ]);
    assert.deepEqual(read('modules/valid/Good-mtc_reference-lang.xlf').map(({ unit }) => unit?.matches?.map(({ target }) => target)), [['Er ist mein bester Freund.']]);
    assert.equal(read('core/valid/withMatches.xlf')[0]?.unit?.matches?.length, 1);
  });
});
