import type { ColumnProfile, Sample } from '#shared/data';
import { isNumeric } from './column-width.ts';

/** Nulls, distinct values, smallest and largest of each column, counted over the sampled rows. */
export function profileOf(sample: Sample): ColumnProfile[] {
  return sample.columns.map((column, index) => {
    const values = new Set<string>();
    const numeric = isNumeric(column.type);
    let nulls = 0;
    let min: string | null = null;
    let max: string | null = null;
    const below = (a: string, b: string): boolean => (numeric ? Number(a) < Number(b) : a < b);
    for (const row of sample.rows) {
      const value = row[index] ?? null;
      if (value === null) {
        nulls += 1;
        continue;
      }
      values.add(value);
      if (min === null || below(value, min)) min = value;
      if (max === null || below(max, value)) max = value;
    }
    return { name: column.name, type: column.type, nulls, distinct: values.size, min, max };
  });
}
