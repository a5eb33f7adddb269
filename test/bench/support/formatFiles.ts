/** Files of about a megabyte in the main formats, as their tools write them; no two entries are the same. */
import type { CodecId } from '../../../src/core/document/segment.ts';

interface Format {
  readonly head: string;
  readonly entry: (number: number) => string;
  readonly tail: string;
}

const words = (number: number): string => `Sentence number ${number} says that it rains in town ${number % 97}`;

const formats: Partial<Record<CodecId, Format>> = {
  xliff: {
    head: '<?xml version="1.0"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="ja">\n<file id="f">\n',
    entry: (number) => `<unit id="u${number}">\n <segment id="s" state="translated">\n  <source>${words(number)} &amp; <pc id="1">pours</pc>.</source>\n  <target>文${number}<pc id="1">雨</pc>。</target>\n </segment>\n</unit>\n`,
    tail: '</file>\n</xliff>\n',
  },
  po: { head: 'msgid ""\nmsgstr "Language: ja\\nContent-Type: text/plain; charset=UTF-8\\n"\n', entry: (number) => `\n#: a.c:${number}\n#, c-format\nmsgid "${words(number)}, %s.\\n"\nmsgstr "文${number}、%s。\\n"\n`, tail: '' },
  android: { head: '<?xml version="1.0" encoding="utf-8"?>\n<resources>\n', entry: (number) => `    <string name="s${number}">${words(number)} and it\\'s <b>cold</b>, %1$s.</string>\n`, tail: '</resources>\n' },
  json: { head: '{\n  "first": "First"', entry: (number) => `,\n  "key${number}": "${words(number)}, {{name}}."`, tail: '\n}\n' },
  yaml: { head: 'en:\n', entry: (number) => `  key${number}: "${words(number)}, %{name}."\n`, tail: '' },
  properties: { head: '', entry: (number) => `key${number}=${words(number)}, {0}.\n`, tail: '' },
  strings: { head: '', entry: (number) => `/* Note ${number} */\n"key${number}" = "${words(number)}, %@.";\n`, tail: '' },
  xcstrings: { head: '{\n  "sourceLanguage" : "en",\n  "strings" : {\n    "First" : {}', entry: (number) => `,\n    "${words(number)}" : {\n      "localizations" : {\n        "ja" : {\n          "stringUnit" : {\n            "state" : "translated",\n            "value" : "文${number}"\n          }\n        }\n      }\n    }`, tail: '\n  },\n  "version" : "1.0"\n}\n' },
  resx: { head: '<?xml version="1.0" encoding="utf-8"?>\n<root>\n', entry: (number) => `  <data name="key${number}" xml:space="preserve">\n    <value>${words(number)}, {0}.</value>\n  </data>\n`, tail: '</root>\n' },
  html: { head: '<!doctype html>\n<html lang="en"><body>\n', entry: (number) => `<p>${words(number)} and it is <b>cold</b>. It pours.</p>\n`, tail: '</body></html>\n' },
  srt: { head: '', entry: (number) => `${number}\n00:00:01,000 --> 00:00:02,000\n${words(number)}.\n\n`, tail: '' },
  csv: { head: 'key,en,ja\n', entry: (number) => `key${number},"${words(number)}, ""cold"".",文${number}\n`, tail: '' },
  tmx: { head: '<?xml version="1.0"?>\n<tmx version="1.4">\n<header srclang="en"/>\n<body>\n', entry: (number) => `<tu>\n<tuv xml:lang="en"><seg>${words(number)}.</seg></tuv>\n<tuv xml:lang="ja"><seg>文${number}</seg></tuv>\n</tu>\n`, tail: '</body>\n</tmx>\n' },
};

/** A file of at least `length` characters for each format that the table has. */
export function formatFiles(length: number): readonly { readonly id: CodecId; readonly text: string }[] {
  return Object.entries(formats).map(([id, { head, entry, tail }]) => {
    const parts = [head];
    let size = head.length;
    for (let number = 1; size < length; number++) {
      const part = entry(number);
      parts.push(part);
      size += part.length;
    }
    // Object.entries widens keys to string.
    return { id: id as CodecId, text: parts.join('') + tail };
  });
}
