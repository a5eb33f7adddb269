import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse as parseIcu, TYPE } from '@formatjs/icu-messageformat-parser';
import fc from 'fast-check';
import { fitApostrophes, quotingIn } from '../../../src/core/document/apostrophes.ts';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { maskSegment, unmask } from '../../../src/core/document/placeholders.ts';
import type { Segment } from '../../../src/core/document/segment.ts';
import { checkTranslation } from '../../../src/core/quality/checks.ts';

/** The segment of the value that the file has first. */
function first(path: string, text: string): Segment {
  return codecFor(path).parse(text, { path, sourceLanguage: 'en', targetLanguage: 'fr' }).segments[0] ?? assert.fail();
}

function properties(...values: readonly string[]): Segment {
  return first('a.properties', values.map((value, index) => `k${index}=${value}\n`).join(''));
}

function json(...values: readonly string[]): Segment {
  return first('a.json', JSON.stringify(Object.fromEntries(values.map((value, index) => [`k${index}`, value]))));
}

function fitted({ source, unit }: Segment, text: string): string {
  return fitApostrophes(text, source, quotingIn(unit?.style));
}

/** What java.text.MessageFormat prints of a pattern without formats in it: its documentation says that an apostrophe opens and closes a quotation, and that two are one. */
function printedByJava(pattern: string): string {
  let printed = '';
  let quoted = false;
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern.charAt(at);
    if (sign === "'" && pattern[at + 1] === "'") printed += pattern.charAt(at++);
    else if (sign === "'") quoted = !quoted;
    else if (sign === '{' && !quoted) {
      const end = pattern.indexOf('}', at);
      printed += `<${pattern.slice(at + 1, end)}>`;
      at = end;
    } else printed += sign;
  }
  return printed;
}

function printedByIcu(pattern: string, ignoreTag: boolean): string {
  return parseIcu(pattern, { ignoreTag }).map((element) => {
    if (element.type === TYPE.literal) return element.value;
    return element.type === TYPE.argument ? `<${element.value}>` : assert.fail(`${element.type} in ${pattern}`);
  }).join('');
}

const branches = '{n, plural, one {# cat} other {# cats}}';
const piece = fc.constantFrom("'", "'", 'l', 'Été', ' ', '#', '|', '…', "'s ", '犬', '👩‍👧');
/** Text around one argument, without two apostrophes at once: those are one that is doubled already. */
function typed(argument: string, more: readonly string[] = []): fc.Arbitrary<string> {
  const text = fc.array(fc.oneof(piece, fc.constantFrom(' ', ...more)), { maxLength: 8 }).map((parts) => parts.join(''));
  return fc.tuple(text, text).map(([before, after]) => before + argument + after).filter((all) => !all.includes("''"));
}

describe('apostrophes of a pattern', () => {
  it('of Java are printed as they were typed', () => {
    for (const segment of [properties("It''s {0}"), properties('Delete {0}?', "It''s {0}"), json("It''s {0}")]) {
      fc.assert(fc.property(typed('{0}'), (text) => {
        const written = fitted(segment, text);
        assert.equal(printedByJava(written), text.replace('{0}', '<0>'));
        assert.equal(printedByIcu(written, true), text.replace('{0}', '<0>'));
        assert.equal(fitted(segment, written), written);
      }));
    }
  });

  it('of ICU are printed as they were typed, and doubled only where one would begin a quotation', () => {
    for (const segment of [json("It''s {name}"), json('Delete {name}?', branches), properties("It's {name}", branches)]) {
      fc.assert(fc.property(typed('{name}', ['<', '>']), (text) => {
        const written = fitted(segment, text);
        assert.equal(printedByIcu(written, true), text.replace('{name}', '<name>'));
        assert.equal(written, text.replace(/'(?=[{<>])/gu, "''"));
        assert.equal(fitted(segment, written), written);
      }));
    }
    assert.equal(printedByIcu(fitted(json('Delete {name}?', branches), "d'<b>{name}</b>").replaceAll(/<\/?b>/gu, ''), false), "d'<name>");
  });

  it('that are two already stay, alone and beside others', () => {
    const segment = properties("It''s {0}");
    for (const text of ["C''est {0}", "''{0}''", 'Rien', "C''est '{'x'}' {0}", "Voir '{1}' : {0}"]) assert.equal(fitted(segment, text), text);
    assert.equal(fitted(segment, "C''est l'{0}"), "C''est l''{0}");
    assert.equal(fitted(segment, "C'est '{'x'}' de l'{0}"), "C''est '{'x'}' de l''{0}");
    assert.equal(fitted(json('Delete {name}?', branches), "'{'x'}' d'ici, l'{name}"), "'{'x'}' d'ici, l''{name}");
  });

  it('around an argument are no quotation where the argument would be lost', () => {
    assert.equal(fitted(properties("It''s {0}"), "Ouvrir '{0}' ?"), "Ouvrir ''{0}'' ?");
    assert.equal(fitted(json("Open ''{name}''?"), "Ouvrir '{name}' ?"), "Ouvrir ''{name}' ?");
  });

  it('are left alone where it is not certain what is meant', () => {
    const texts = ["C'est l'{0}", "'{0}'"];
    const plain = [properties("It's {0}"), properties('Delete {0}?'), properties('Delete {0}?', "It's {0}", "It''s {0}"), properties('Delete it?', "It''s {0}"), json('Delete {0}?'), json("It''s {{0}}"), properties("It''s {0,date,d 'de' MMMM}"), properties("{0,choice,0#none|1#it''s {0}}")];
    for (const [segment, text] of plain.flatMap((each) => texts.map((text) => [each, text] as const))) assert.equal(fitted(segment, text), text, segment.source);
    for (const text of ["'''{0}'''", "le {0,date,d 'de' MMMM}", "{0,choice,0#l'ami|1#d'{0}}"]) assert.equal(fitted(properties("It''s {0,date,long}"), text), text);
  });

  it('are left alone in formats that have no such patterns, and in ARB without a sign of them', () => {
    const value = "It''s {0}";
    const files = {
      'a.md': value, 'a.txt': value, 'a.html': `<p>${value}</p>`, 'a.yml': `a: "${value}"\n`, 'a.csv': `source,target\n${value},\n`, 'a.srt': `1\n00:00:01,000 --> 00:00:02,000\n${value}\n`,
      'a.resx': `<root><data name="a"><value>${value}</value></data></root>`, 'a.po': `msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "${value}"\nmsgstr ""\n`,
      'a.strings': `"a" = "${value}";\n`, 'strings.xml': `<resources><string name="a">It\\'\\'s {0}</string></resources>`,
    };
    for (const [path, text] of Object.entries(files)) {
      const segment = first(path, text);
      assert.ok(segment.source.includes("''") && segment.source.includes('{0}'), `${path}: ${segment.source}`);
      assert.equal(fitted(segment, "C'est l'{0}"), "C'est l'{0}", path);
    }
    assert.equal(fitted(first('a.arb', JSON.stringify({ a: 'Delete {name}?', b: branches })), "l'{name}"), "l'{name}");
  });

  it('are mended in candidates, which then have nothing to be warned of', () => {
    const segment = properties("It''s {0}");
    const { text, issues } = unmask("C'est l'⟦1⟧", maskSegment(segment));
    assert.deepEqual([text, issues], ["C''est l''{0}", []]);
    assert.deepEqual(checkTranslation({ source: segment.source, translation: text, sourceLanguage: 'en', targetLanguage: 'fr' }).filter(({ check }) => check === 'placeholders'), []);
  });

  it('do not change how a value is written', () => {
    const text = "a=It''s {0} \\u00e9\nb=Caf\\u00e9 {0}\n";
    const segments = codecFor('a.properties').parse(text, { path: 'a.properties', sourceLanguage: 'en' }).segments;
    assert.deepEqual(segments.map((segment) => codecFor('a.properties').encode("l'été''", segment)), ["l'\\u00E9t\\u00E9''", "l'\\u00E9t\\u00E9''"]);
  });
});
