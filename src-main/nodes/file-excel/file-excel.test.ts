import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { meaningOf, serialMs } from '../../connectors/files/xlsx/formats.ts';
import { workbookOf, zipOf } from '../../connectors/files/xlsx/workbook.testing.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = async (config: JsonObject = {}) => {
  const { outputs, report, console: lines } = await runNode(node, { path: 'in.xlsx', ...config }, { folder });
  const { columns = [], rows = [] } = outputs['out'] ?? {};
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), rows, report, lines };
};
const put = (bytes: Buffer | string, name = 'in.xlsx'): void => writeFileSync(join(folder, name), bytes);
async function book(fill: (book: ExcelJS.Workbook) => void, name = 'in.xlsx'): Promise<void> {
  const made = new ExcelJS.Workbook();
  fill(made);
  await made.xlsx.writeFile(join(folder, name));
}

test('types are told from all cells: numbers, dates, times, yes and no, texts, formulas’ results; empty rows are passed over', async () => {
  await book((made) => {
    const sheet = made.addWorksheet('Orders');
    sheet.addRow(['id', 'price', 'when', 'at', 'paid', 'name', 'sum', 'mixed', null, 'id', 'took']);
    sheet.addRow([1, 2.5, new Date(Date.UTC(2024, 1, 29)), 0.5, true, 'é 名字', { formula: 'A2*2', result: 2 }, 1, null, 'x', 1.5]);
    sheet.addRow([]);
    sheet.addRow([9_007_199_254_740_991, 3, new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 250)), 0.75, false, { richText: [{ text: 'ri' }, { text: 'ch', font: { bold: true } }] }, { formula: 'B4', result: 3.5 }, 'two', null, null, 0.25]);
    sheet.addRow([null, null, new Date(Date.UTC(1900, 2, 15)), null, null, { text: 'link', hyperlink: 'https://example.org' }, null, true]);
    sheet.getColumn(3).numFmt = 'dd.mm.yyyy hh:mm';
    sheet.getColumn(4).numFmt = 'h:mm AM/PM';
    sheet.getColumn(11).numFmt = '[h]:mm:ss';
  });
  expect(await read()).toMatchObject({
    columns: ['id BIGINT', 'price DOUBLE', 'when TIMESTAMP', 'at TIME', 'paid BOOLEAN', 'name VARCHAR', 'sum DOUBLE', 'mixed VARCHAR', 'id_2 VARCHAR', 'took INTERVAL'],
    rows: [
      ['1', '2.5', '2024-02-29 00:00:00', '12:00:00', 'true', 'é 名字', '2.0', '1', 'x', '36:00:00'],
      ['9007199254740991', '3.0', '2024-02-29 12:30:15.25', '18:00:00', 'false', 'rich', '3.5', 'two', null, '06:00:00'],
      [null, null, '1900-03-15 00:00:00', null, null, 'link', null, 'true', null, null],
    ],
  });
});

test('a sheet by name, by number or the first that is not hidden; a range; no header', async () => {
  await book((made) => {
    made.addWorksheet('Secret', { state: 'hidden' }).addRow(['hidden']);
    const two = made.addWorksheet('Two');
    for (const row of [['title'], [], ['x', 'a', 'b'], ['y', 1, 2], ['z', 3, 4], ['w', 5, 6]]) two.addRow(row);
    made.addWorksheet('3').addRow(['three']);
  });
  expect((await read({ range: 'B3:C5' })).rows).toEqual([['1', '2'], ['3', '4']]);
  expect((await read({ sheet: 'two', range: 'A4', header: false })).columns).toEqual(['A VARCHAR', 'B BIGINT', 'C BIGINT']);
  expect((await read({ sheet: '1', header: false })).rows).toEqual([['hidden']]);
  expect((await read({ sheet: '3' })).columns).toEqual(['three VARCHAR']);
  await expect(read({ sheet: 'Tow' })).rejects.toMatchObject({ place: 'sheet', remedy: 'Did you mean “Two”?' });
  await expect(read({ sheet: 'elsewhere' })).rejects.toMatchObject({ place: 'sheet', remedy: expect.stringContaining('Secret, Two, 3') as string });
  await expect(read({ range: 'Z1:Z9' })).rejects.toMatchObject({ place: 'range' });
  for (const [range, good] of [['B:F', true], ['', true], ['$A$1:$B$2', true], ['5:2', false], ['A1-B2', false], ['F1:B2', false]] as const) expect(node.check?.({ path: 'x', sheet: '', header: true, range, errors: 'null', filename: false })).toHaveLength(good ? 0 : 1);
});

test('error cells are NULL and counted, or their text, or the end, with their place', async () => {
  await book((made) => {
    const sheet = made.addWorksheet('S');
    for (const row of [['n'], [1], [{ error: '#DIV/0!' }], [{ formula: '1/0', result: { error: '#N/A' } }]]) sheet.addRow(row);
  });
  expect(await read()).toMatchObject({ columns: ['n BIGINT'], rows: [['1'], [null], [null]], report: { 'error cells': 2 }, lines: ['The first error cell is S!A3: #DIV/0!'] });
  expect(await read({ errors: 'text' })).toMatchObject({ columns: ['n VARCHAR'], rows: [['1'], ['#DIV/0!'], ['#N/A']] });
  await expect(read({ errors: 'fail' })).rejects.toMatchObject({ place: 'S!A3', message: 'A cell holds the error #DIV/0!.' });
});

test('a workbook of another writer: prefixes, slashes, cells without places, the calendar of 1904, reading aids, escapes, ISO dates', async () => {
  put(workbookOf(
    '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>d</t></is></c><c t="str"><f>"i"&amp;"so"</f><v>iso</v></c><!-- a > b --></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>0</v></c><c r="C3" t="d"><v>2024-05-06T07:08:09</v></c></row><row r="9"><c r="B9" s="2"><v>1.5</v></c><c r="C9" t="d"><v>2024-05-06</v></c></row>',
    {
      properties: ' date1904="1"', strings: '<si><t xml:space="preserve"> a&lt;b&#x1F600; </t></si><si><r><t>漢</t></r><r><t>_x0041__x005F_x</t></r><rPh sb="0" eb="1"><t>kan</t></rPh></si>',
      styles: '<numFmts><numFmt numFmtId="170" formatCode="[$-409]d\\ mmm\\ yyyy;@"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="22"/></cellXfs>',
    },
  ));
  expect(await read()).toMatchObject({ columns: ['a<b😀 VARCHAR', 'd TIMESTAMP', 'iso TIMESTAMP'], rows: [['漢A_x', '1904-01-01 00:00:00', '2024-05-06 07:08:09'], [null, '1904-01-02 12:00:00', '2024-05-06 00:00:00']] });
});

const day = (serial: number, from1904 = false): string => new Date(serialMs(serial, from1904)).toISOString().slice(0, 10);
test('days are counted as Excel does, also before the day in 1900 that it alone knows', () => {
  expect([day(1), day(59), day(61), day(45_351), day(0, true)]).toEqual(['1900-01-01', '1900-02-28', '1900-03-01', '2024-02-29', '1904-01-01']);
  const meanings = [['0.00', 'number'], ['yyyy-mm-dd', 'date'], ['mmm', 'date'], ['mm:ss', 'time'], ['[h]:mm', 'elapsed'], ['d.m.yy h:mm', 'datetime'], ['"day" 0', 'number'], ['General', 'number'], ['h:mm AM/PM', 'time'], ['[Red]0;[Blue]0', 'number']] as const;
  for (const [code, meaning] of meanings) expect(meaningOf(200, code), code).toBe(meaning);
});

test('many files are one: columns by name, types that hold both', async () => {
  await book((made) => made.addWorksheet('S').addRows([['a', 'b'], [1, 'x']]), 'one.xlsx');
  await book((made) => made.addWorksheet('S').addRows([['c', 'a'], [true, 2.5]]), 'two.xlsx');
  expect(await read({ path: '*.xlsx', filename: true })).toMatchObject({ columns: ['a DOUBLE', 'b VARCHAR', 'c BOOLEAN', 'filename VARCHAR'], rows: [['1.0', 'x', null, join(folder, 'one.xlsx')], ['2.5', null, 'true', join(folder, 'two.xlsx')]] });
});

test('what is no workbook, or not a whole one, is told with what it is', async () => {
  const good = workbookOf('<row><c t="str"><v>a</v></c></row>');
  const cases: readonly (readonly [Buffer | string, string])[] = [
    ['', 'The file is empty'], ['a,b\n1,2\n', 'It looks like text'], [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), 'locked with a password'],
    [good.subarray(0, good.length - 200), 'cut off or broken'], [zipOf({ 'hello.txt': 'x' }), 'no workbook is in it'], [zipOf({ 'content.xml': 'x' }), 'OpenDocument'], [zipOf({ 'xl/workbook.bin': 'x' }), '.xlsb'],
    [workbookOf('<row><c t="str"><v>a</c></row></sheetData>'), 'A part of the workbook is broken'], [workbookOf('', { more: { 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>' } }), 'A part of the workbook is broken'],
    [workbookOf(''), 'The sheet is empty'], [zipOf({ 'xl/workbook.xml': '<workbook/>' }, { flags: 1 }), 'locked with a password'],
  ];
  for (const [bytes, message] of cases) {
    put(bytes);
    await expect(read(), message).rejects.toMatchObject({ name: 'StudioError', message: expect.stringContaining(message) as string, remedy: expect.any(String) as string });
  }
});

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
test('names of parts with the slashes of others, at their beginning too, in large and small letters; CDATA; text over many pieces', async () => {
  const long = 'é&amp;<![CDATA[<&>]]>'.repeat(20_000);
  put(zipOf({
    '/_rels/.rels': `<Relationships><Relationship Id="a" Type="${RELATIONS}/officeDocument" Target="XL\\Workbook.xml"/></Relationships>`,
    'xl\\workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>',
    'xl/_rels/Workbook.xml.rels': `<Relationships><Relationship Id="s" Type="${RELATIONS}/worksheet" Target="\\xl\\Worksheets\\Sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row><c t="inlineStr"><is><t>name</t></is></c></row><row><c t="inlineStr" xmlns:t="n"><is><t>${long}</t></is></c></row></sheetData></worksheet>`,
  }));
  expect((await read()).rows).toEqual([['é&<&>'.repeat(20_000)]]);
});

const cell = (text: string): Buffer => workbookOf(`<row><c t="inlineStr"><is><t>${text}</t></is></c></row>`);
test('what would fill the memory, or is not what it says, is refused: depth, a tag without an end, entities, sizes', async () => {
  const cases: readonly (readonly [Buffer, string, string])[] = [
    [cell('<a>'.repeat(100_000)), 'A part of the workbook is broken', 'nested too deep'], [cell(`<a b="${'x'.repeat(3 << 20)}"/>`), 'A part of the workbook is broken', 'never ends'],
    [cell('&nbsp;'), 'A part of the workbook is broken', 'entity'], [cell('&constructor;'), 'A part of the workbook is broken', 'entity'], [cell('<!ELEMENT a>'), 'A part of the workbook is broken', 'document type'],
  ];
  for (const [bytes, message, detail] of cases) {
    put(bytes);
    await expect(read(), detail).rejects.toMatchObject({ name: 'StudioError', message: expect.stringContaining(message) as string, detail: expect.stringContaining(detail) as string });
  }
  const lying = cell('much more than it says');
  for (let at = lying.indexOf('PK\u0001\u0002'); at >= 0; at = lying.indexOf('PK\u0001\u0002', at + 4)) lying.writeUInt32LE(1, at + 24);
  put(lying);
  await expect(read()).rejects.toMatchObject({ name: 'StudioError', message: expect.stringContaining('cut off or broken') as string });
});

test('an archive that swells beyond measure is refused before it fills the memory', async () => {
  put(workbookOf(`<row><c t="inlineStr"><is><t>${' '.repeat(66 * 2 ** 20)}</t></is></c></row>`));
  await expect(read()).rejects.toMatchObject({ name: 'StudioError', message: expect.stringContaining('swells') as string });
});
