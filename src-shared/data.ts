import { z } from 'zod';

/** A column as DuckDB names its type: `BIGINT`, `DECIMAL(18,2)`, `VARCHAR[]`. */
export const Column = z.object({ name: z.string(), type: z.string() });
export type Column = z.infer<typeof Column>;

/**
 * Rows to look at. Every value is DuckDB's own text for it, so that 64-bit integers, decimals, NaN, blobs and dates with zones
 * are shown unchanged; NULL is null. `partial` says that there were more rows than were looked through.
 */
export const Sample = z.object({
  columns: z.array(Column),
  rows: z.array(z.array(z.string().nullable())),
  partial: z.boolean(),
});
export type Sample = z.infer<typeof Sample>;

/** What a column of a sample looks like: counts over the sampled rows. */
export const ColumnProfile = z.object({
  name: z.string(),
  type: z.string(),
  nulls: z.int(),
  distinct: z.int(),
  min: z.string().nullable(),
  max: z.string().nullable(),
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;
