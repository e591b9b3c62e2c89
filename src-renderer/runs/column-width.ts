import type { Sample } from '#shared/data';

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL)\b/;

/** Does a column of this type stand on the right? */
export const isNumeric = (type: string): boolean => NUMERIC.test(type) && !type.endsWith('[]');

/** How wide a text is in a 12.5-pixel font: CJK takes twice a letter. */
export const textWidth = (text: string): number => {
  let units = 0;
  for (const sign of text) units += (sign.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
  return units * 6.9;
};

/** Widths that fit the first rows, between `least` and 360 pixels. */
export function columnWidths(sample: Sample, least = 72): number[] {
  const looked = sample.rows.slice(0, 60);
  return sample.columns.map((column, index) => {
    const header = Math.max(textWidth(column.name), textWidth(column.type) * 0.85);
    const widest = looked.reduce((most, row) => Math.max(most, textWidth((row[index] ?? 'NULL').slice(0, 80))), header);
    return Math.round(Math.min(360, Math.max(least, widest + 24)));
  });
}
