/** What an XLIFF file says about its texts: notes of units, groups and files, contexts, names. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sharedData } from '../../support/sharedData.ts';
import { parse } from './support.ts';

function notes(text: string): readonly (string | undefined)[] {
  return parse({ id: 'xliff' }, text).segments.map(({ unit }) => unit?.note);
}

describe('notes of XLIFF 1.2', () => {
  it('are the unit\'s, its name and contexts, then those of the groups and of the file around it', () => {
    const file = (inner: string, header = '') => `<file source-language="en" original="a" datatype="plaintext">${header}<body>${inner}</body></file>`;
    const unit = (id: string, inner = '', attributes = '') => `<trans-unit id="${id}"${attributes}><source>Text</source>${inner}</trans-unit>`;
    const contexts = '<context-group purpose="location"><context context-type="sourcefile">a&amp;b.ts</context><context context-type="linenumber"> 5</context><context context-type="x-empty"/></context-group>';
    const group = `<group><note>outer</note><group><context-group><context context-type="element">dialog</context></context-group>${unit('b', `<note>own</note>${contexts}<context-group><context>only</context></context-group>`, ' resname="menu.open"')}</group>${unit('c')}</group>`;
    const header = '<header><phase-group><phase phase-name="p" process-name="q"><note>of a phase</note></phase></phase-group><note>of the file</note></header>';
    assert.deepEqual(notes(`<xliff version="1.2">${file(`${unit('a', '', ' resname="a"')}${group}<bin-unit id="x" mime-type="y"><note>of a picture</note></bin-unit>${unit('d')}`, header)}${file(unit('a'))}</xliff>`), [
      'of the file', 'own\nresname: menu.open\nsourcefile: a&b.ts, linenumber: 5\nonly\nelement: dialog\nouter\nof the file', 'outer\nof the file', 'of the file', undefined,
    ]);
  });

  it('of a proposal are its own', () => {
    assert.deepEqual(notes('<xliff version="1.2"><file source-language="en"><body><trans-unit id="a"><source>T</source><alt-trans><target>t</target><context-group><context>no</context></context-group><note>no</note></alt-trans></trans-unit></body></file></xliff>'), [undefined]);
  });

  it('name the place that Angular writes', (t) => {
    const data = sharedData('l10n-files');
    if (data === undefined) {
      t.skip('needs ../shared/data/l10n-files');
      return;
    }
    const [first, second] = notes(readFileSync(join(data, 'tolgee/data/xliff/larger.xlf'), 'utf8'));
    assert.equal(first, 'sourcefile: src/app/shared/top-panel/controls-toggle/controls-toggle.component.html, linenumber: 5');
    assert.match(second ?? '', /^sourcefile: .*invite-user-modal\.component\.html, linenumber: 14$/u);
  });
});

describe('notes of XLIFF 2', () => {
  it('are the unit\'s and its name, then those of the groups and of the file around it', () => {
    const unit = (id: string, inner = '', attributes = '') => `<unit id="${id}"${attributes}>${inner}<segment><source>Text</source></segment></unit>`;
    const note = (text: string) => `<notes><note>${text}</note></notes>`;
    assert.deepEqual(notes(`<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en"><file id="f">${note('of the file')}<group id="g">${note(' of the group ')}${unit('a', note('own'), ' name="menu"')}</group>${unit('b')}</file><file id="f2">${unit('c')}</file></xliff>`), [
      'own\nname: menu\nof the group\nof the file', 'of the file', undefined,
    ]);
  });

  it('of a whole file as the standard shows them', (t) => {
    const data = sharedData('l10n-files');
    if (data === undefined) {
      t.skip('needs ../shared/data/l10n-files');
      return;
    }
    const [first] = notes(readFileSync(join(data, 'oasis-xliff/xliff-21/modules/valid/withNotes_complex_for_ITS_Processors.xlf'), 'utf8').replace(/^\uFEFF/u, ''));
    const lines = (first ?? '').split('\n');
    assert.ok(lines.indexOf('note for unit') < lines.indexOf('note for group') && lines.indexOf('note for group') < lines.indexOf('note for file') && lines.includes('note for unit'), first);
  });
});
