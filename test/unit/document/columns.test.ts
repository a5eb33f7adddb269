/** Tables whose first row does not tell what stands where: a person says it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDocument } from '../../../src/app/openDocument.ts';
import { parseColumns } from '../../../src/app/settings.ts';
import { codecById } from '../../../src/core/document/codecs.ts';
import type { ColumnChoice } from '../../../src/core/document/columns.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { AppError } from '../../../src/core/errors.ts';
import { readArguments } from '../../../src/cli/arguments.ts';
import { columnOption, columnsFrom } from '../../../src/cli/columnOption.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';

const table = 'ID,English text,Remarks,Deutscher Text\nr,Rain,Weather,\ns,Sun,,Sonne\n';

/** `key: source = existing (note)` of each row, and the table with the first translation written. */
function read(text: string, columns: ColumnChoice | undefined): { readonly rows: readonly string[]; readonly written: string } {
  const document = codecById('csv').parse(text, { path: 'a.csv', sourceLanguage: 'en', targetLanguage: 'de', ...(columns === undefined ? {} : { columns }) });
  const [first] = document.segments;
  assert.ok(first !== undefined);
  return {
    rows: document.segments.map(({ source, unit }) => `${unit?.key ?? ''}: ${source} = ${unit?.existing ?? ''} (${unit?.note ?? ''})`),
    written: composeTarget(document, new Map([[first.id, codecById('csv').encode('Regen', first)]]), 'de').text,
  };
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return JSON.stringify(error.data);
  }
  return 'no error';
}

describe('the columns of a table', () => {
  it('are those that the person names, by name or by number', () => {
    assert.match(refusal(() => read(table, undefined)), /interlinear\.tableColumns/u);
    for (const columns of [{ source: 'english TEXT', target: 'Deutscher Text', key: 'ID', comment: 'Remarks' }, { source: 2, target: '4', key: 1, comment: 3 }] as const) {
      const { rows, written } = read(table, columns);
      assert.deepEqual(rows, ['2/r: Rain =  (Weather)', '3/s: Sun = Sonne ()']);
      assert.equal(written, table.replace('Weather,\n', 'Weather,Regen\n'));
    }
  });

  it('beside one that is named, the header still tells the others; without a header the first row is a text', () => {
    assert.deepEqual(read('en,fr,de,note\nRain,Pluie,,n\n', { source: 'fr' }).rows, ['2: Pluie =  (n)']);
    assert.deepEqual(read('Rain,\nSun,Sonne\n', { source: 1, target: 2, header: false }), { rows: ['1: Rain =  ()', '2: Sun = Sonne ()'], written: 'Rain,Regen\nSun,Sonne\n' });
  });

  it('that are not there are named', () => {
    assert.match(refusal(() => read(table, { source: 'Text', target: 4 })), /"line":1,"column":1,"reason":"the table has no column \\"Text\\""/u);
    assert.match(refusal(() => read(table, { source: 2, target: 5 })), /no column \\"5\\"/u);
  });

  it('come from the setting or the command line, and are held to their form', async () => {
    const option = (text: string): unknown => columnsFrom(readArguments(['--columns', text], columnOption));
    assert.deepEqual(option('source=English text, target=4,header=no'), { columns: { source: 'English text', target: '4', header: false } });
    assert.match(refusal(() => option('English')), /is not NAME=COLUMN/u);
    assert.match(refusal(() => option('sauce=1')), /--columns sauce/u);
    assert.match(refusal(() => parseColumns({ source: 0 })), /interlinear\.tableColumns source/u);
    assert.equal(parseColumns({}), undefined);
    const fs = new FakeFileSystem();
    await fs.writeAtomic('/ws/a.csv', Buffer.from(table));
    const { parsed } = await openDocument(fs, '/ws/a.csv', 'a.csv', { source: 'en', target: 'de', columns: { source: 2, target: 4 } });
    assert.deepEqual(parsed.segments.map(({ source }) => source), ['Rain', 'Sun']);
  });
});
