import type { Column } from '#shared/data';
import { mapLeaves, parseType, typeText } from './types.ts';
import type { Type } from './types.ts';

const plain = (name: string): Type => ({ kind: 'plain', name });
/** What Parquet has no type for, and what keeps every value of it. */
const KEEPS: Readonly<Record<string, Type>> = {
  HUGEINT: { kind: 'decimal', width: 38, scale: 0 }, UHUGEINT: { kind: 'decimal', width: 38, scale: 0 },
  // The offset would be lost, and of an interval its sign and its microseconds.
  'TIME WITH TIME ZONE': plain('VARCHAR'), INTERVAL: plain('VARCHAR'), BIT: plain('VARCHAR'), BIGNUM: plain('VARCHAR'),
};

/** The type a column is written with: its own where Parquet has it. A UNION becomes JSON, which tells its member. */
export const parquetType = (type: Type): Type => mapLeaves(type, (leaf) => (leaf.kind === 'plain' ? (KEEPS[leaf.name] ?? leaf) : leaf.kind === 'union' ? plain('JSON') : leaf));

/** How a column's text stands in a file of that format, where it is not as it was. */
export const changedType = ({ name, type }: Column, to: (type: Type) => Type): string | null => {
  const own = parseType(type);
  const written = typeText(to(own));
  return written === typeText(own) ? null : `Column “${name}”: ${type} is written as ${written}.`;
};
