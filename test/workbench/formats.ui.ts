import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { acceptFocused, answered, closeEditors, focusList, put, step, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const xliff = `<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="letter.txt" source-language="en" target-language="ja" datatype="plaintext">
    <body>
      <trans-unit id="1">
        <source>I have a dog.</source>
      </trans-unit>
      <trans-unit id="2">
        <source>It is raining today.</source>
        <target>今日は雨です。</target>
      </trans-unit>
    </body>
  </file>
</xliff>
`;

const po = `msgid ""
msgstr ""
"Language: ja\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#. A greeting.
msgid "I get up early."
msgstr ""

msgid "It is raining today."
msgstr "今日は雨です。"
`;

const android = `<?xml version="1.0" encoding="utf-8"?>
<resources>
    <!-- A note for translators. -->
    <string name="app" translatable="false">Interlinear</string>
    <string name="morning">I get up early.</string>
    <string name="rain">It is raining today.</string>
</resources>
`;

/** Translates the file, accepts the first candidate of its first segment, and answers it with what the written file holds then. */
async function acceptFirst(workbench: Workbench, name: string, target: string, screenshot: string): Promise<{ readonly accepted: string; readonly written: string }> {
  await translated(workbench, name);
  await focusList(workbench);
  const accepted = await acceptFocused(workbench);
  const text = (): string => workbench.read(target).toString();
  await until('the accepted text is in the file', () => text().includes(accepted));
  await workbench.screenshot(screenshot);
  const written = text();
  await closeEditors(workbench);
  return { accepted, written };
}

async function xliffInPlace(workbench: Workbench): Promise<void> {
  put(workbench, 'letter.xlf', xliff);
  const { accepted, written } = await acceptFirst(workbench, 'letter.xlf', 'letter.xlf', 'formats-xliff');
  const target = /\n? *<target[^>]*>([^<]*)<\/target>/u.exec(written);
  assert.equal(target?.[1], accepted);
  assert.equal(written.replace(target[0], ''), xliff);
}

async function poInPlace(workbench: Workbench): Promise<void> {
  put(workbench, 'ja.po', po);
  const { accepted, written } = await acceptFirst(workbench, 'ja.po', 'ja.po', 'formats-po');
  assert.equal(written, po.replace('msgid "I get up early."\nmsgstr ""', `msgid "I get up early."\nmsgstr "${accepted}"`));
}

async function androidBeside(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, 'res/values'), { recursive: true });
  put(workbench, 'res/values/strings.xml', android);
  const { accepted, written } = await acceptFirst(workbench, 'strings.xml', 'res/values-ja/strings.xml', 'formats-android');
  assert.equal(written, android.replace('I get up early.', accepted));
  assert.equal(workbench.read('res/values/strings.xml').toString(), android);
}

describe('documents of other formats in a real workbench', () => {
  it('are reviewed like a letter, and only the accepted text changes', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      await step(t, workbench, 'XLIFF, in place', xliffInPlace);
      await step(t, workbench, 'PO, in place', poInPlace);
      await step(t, workbench, 'Android strings, beside', androidBeside);
    });
  });
});
