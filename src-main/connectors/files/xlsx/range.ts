/** `C7` → 2: the column of a reference, from 0. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = (reference.codePointAt(at) ?? 0) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}

/** 2 → `C`. */
export function lettersOf(column: number): string {
  return column < 0 ? '' : lettersOf(Math.floor(column / 26) - 1) + String.fromCodePoint(65 + (column % 26));
}

/** The part of a sheet that is read; columns from 0, rows from 1, all inclusive. */
export interface Range {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

const ALL: Range = { firstColumn: 0, lastColumn: 16_383, firstRow: 1, lastRow: 1_048_576 };

/** `B2:F100`, `B:F`, `B2`, or nothing for the whole sheet. Null for what is no range. */
export function rangeOf(text: string): Range | null {
  if (text.trim() === '') return ALL;
  const found = /^\$?([A-Za-z]{0,3})\$?(\d{0,7})(?::\$?([A-Za-z]{0,3})\$?(\d{0,7}))?$/.exec(text.trim());
  if (found === null) return null;
  const [, fromColumn = '', fromRow = '', toColumn = '', toRow = ''] = found;
  const range = {
    firstColumn: fromColumn === '' ? 0 : columnOf(fromColumn), firstRow: fromRow === '' ? 1 : Number(fromRow),
    lastColumn: toColumn === '' ? ALL.lastColumn : columnOf(toColumn), lastRow: toRow === '' ? ALL.lastRow : Number(toRow),
  };
  return range.firstColumn > range.lastColumn || range.firstRow > range.lastRow || range.lastColumn > ALL.lastColumn ? null : range;
}
