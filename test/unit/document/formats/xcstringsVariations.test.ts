/** String catalogues: what a language has not begun is built as Xcode builds it, from the source's variations. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecById } from '../../../../src/core/document/codecs.ts';
import { composeTarget } from '../../../../src/core/document/target.ts';
import { parse } from './support.ts';

const unit = (indent: string, value: string, state = 'translated'): string => `"stringUnit" : {\n${indent}  "state" : "${state}",\n${indent}  "value" : "${value}"\n${indent}}`;
/** As Xcode 16 saves it. */
const catalogue = (localizations: string): string => `{
  "sourceLanguage" : "en",
  "strings" : {
    "found" : {
      "comment" : "In %lld files on a device",
      "localizations" : {
        "en" : {
          ${unit('          ', '%#@hits@ in %#@files@')},
          "substitutions" : {
            "files" : {
              "argNum" : 2,
              "formatSpecifier" : "lld",
              "variations" : {
                "plural" : {
                  "one" : {
                    ${unit('                    ', '%arg file')}
                  },
                  "other" : {
                    ${unit('                    ', '%arg files')}
                  }
                }
              }
            },
            "hits" : {
              "argNum" : 1,
              "formatSpecifier" : "lld",
              "variations" : {
                "plural" : {
                  "other" : {
                    ${unit('                    ', '%arg')}
                  }
                }
              }
            }
          }
        }${localizations}
      }
    },
    "tap" : {
      "localizations" : {
        "en" : {
          "variations" : {
            "device" : {
              "iphone" : {
                ${unit('                ', 'Tap it')}
              },
              "other" : {
                "variations" : {
                  "plural" : {
                    "one" : {
                      ${unit('                      ', 'Click %lld time')}
                    },
                    "other" : {
                      ${unit('                      ', 'Click %lld times')}
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  },
  "version" : "1.0"
}
`;

type Json = Readonly<Record<string, unknown>>;
const strings = (text: string): Record<string, { localizations: Record<string, Json> }> => (JSON.parse(text) as { strings: Record<string, { localizations: Record<string, Json> }> }).strings;
const keys = (text: string, target: string): readonly string[] => parse({ id: 'xcstrings', target }, text).segments.map(({ unit: data }) => (data?.key ?? '').replaceAll('\u0000', '/'));

function put(text: string, target: string, translations: Readonly<Record<string, string>>): string {
  const document = parse({ id: 'xcstrings', target }, text);
  const encoded = document.segments.flatMap((segment) => {
    const translation = translations[(segment.unit?.key ?? '').replaceAll('\u0000', '/')];
    return translation === undefined ? [] : [[segment.id, codecById('xcstrings').encode(translation, segment)] as const];
  });
  assert.equal(encoded.length, Object.keys(translations).length);
  return composeTarget(document, new Map(encoded), target).text;
}

const files = 'found/substitutions/files/variations/plural/';
const device = 'tap/variations/device/';

describe('variations that a language has not begun', () => {
  const text = catalogue('');

  it('are a segment each: with the plural forms of its own numbers, and the devices of the source', () => {
    assert.deepEqual(keys(text, 'ja'), ['found', `${files}other`, `${device}iphone`, `${device}other/variations/plural/other`]);
    assert.deepEqual(keys(text, 'pl'), ['found', ...['few', 'many', 'one', 'other'].map((form) => files + form), `${device}iphone`, ...['few', 'many', 'one', 'other'].map((form) => `${device}other/variations/plural/${form}`)]);
    const few = parse({ id: 'xcstrings', target: 'pl' }, text).segments[1];
    assert.deepEqual([few?.source, few?.unit?.plural, few?.unit?.state, few?.unit?.existing, few?.unit?.note], ['%arg files', 'few', 'new', undefined, 'In %lld files on a device']);
    assert.equal(composeTarget(parse({ id: 'xcstrings', target: 'pl' }, text), new Map(), 'pl').text, text);
  });

  it('are written byte for byte as Xcode writes them: arguments and formats as in the source, what is not translated as new', () => {
    const written = put(text, 'ja', { [`${files}other`]: '%arg個のファイル' });
    const japanese = catalogue('').slice(text.indexOf('        "en" : {'), text.indexOf('\n      }\n    },\n    "tap"'))
      .replace('"en" : {', '"ja" : {').replace('"state" : "translated",\n            "value" : "%#@', '"state" : "new",\n            "value" : "%#@').replace(/"one" : \{[^{}]*\{[^{}]*\}\s*\},\s*/u, '').replace('%arg files', '%arg個のファイル');
    assert.equal(written, catalogue(`,\n${japanese}`));
  });

  it('are translated one after the other, in any order, and each state is its own', () => {
    const all: Readonly<Record<string, string>> = { found: '%#@files@に%#@hits@', [`${files}other`]: '%arg個', [`${device}iphone`]: '「タップ」', [`${device}other/variations/plural/other`]: '%lld回クリック' };
    const once = put(text, 'ja', all);
    let slowly = text;
    for (const key of Object.keys(all).reverse()) {
      slowly = put(slowly, 'ja', { [key]: all[key] ?? '' });
      assert.deepEqual(keys(slowly, 'ja').filter((name) => all[name] !== undefined), Object.keys(all), 'what is new is still to be translated');
    }
    assert.equal(slowly, once);
    const { found, tap } = strings(once);
    const translated = (value: string): Json => ({ stringUnit: { state: 'translated', value } });
    const plural = (value: string): Json => ({ variations: { plural: { other: translated(value) } } });
    assert.deepEqual(found?.localizations['ja'], { ...translated(all['found'] ?? ''), substitutions: { files: { argNum: 2, formatSpecifier: 'lld', ...plural('%arg個') }, hits: { argNum: 1, formatSpecifier: 'lld', ...plural('%arg') } } });
    assert.deepEqual(tap?.localizations['ja'], { variations: { device: { iphone: translated('「タップ」'), other: plural('%lld回クリック') } } });
    assert.deepEqual(strings(once)['found']?.localizations['en'], strings(text)['found']?.localizations['en']);
    assert.match(put(once, 'ja', { [`${device}iphone`]: '"押す"' }), /"value" : "\\"押す\\""/u, 'a second accept replaces the first');
  });
});
