import { DuckDBArrayType, DuckDBListType, DuckDBMapType, DuckDBStructType, DuckDBTypeId, DuckDBUnionType } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { quoteName, quoteText } from './quoting.ts';

/** A column as a Parquet file holds it: the type it has in the run, and what that is written as. */
export interface KeptColumn extends Column {
  /** `same`: Parquet has the type, or one that is cast back without loss. `text`: DuckDB's own text. `union`: its tag, and each member as text. `none`: it has no type. */
  readonly as: 'same' | 'text' | 'union' | 'none';
  /** Of a union. */
  readonly members?: readonly Column[];
}

/** Types that only their text keeps: 128 bits, negative intervals, the zone of a time, infinite seconds. */
const AS_TEXT: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT, DuckDBTypeId.INTERVAL, DuckDBTypeId.TIME_TZ, DuckDBTypeId.TIMESTAMP_S, DuckDBTypeId.TIMESTAMP_MS,
]);

function inside(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType];
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType];
  if (type instanceof DuckDBStructType) return type.entryTypes;
  return type instanceof DuckDBUnionType ? type.memberTypes : [];
}

/** The type itself and those inside it, at any depth. */
const within = (type: DuckDBType): readonly DuckDBType[] => [type, ...inside(type).flatMap(within)];
const isTextOnly = (type: DuckDBType): boolean => within(type).some((one) => AS_TEXT.has(one.typeId));
/** Does its text say no less than it does? Of which member a union is, or what a variant holds, no text tells. */
const isReadable = (type: DuckDBType): boolean => within(type).every((one) => one.typeId !== DuckDBTypeId.UNION && one.typeId !== DuckDBTypeId.VARIANT);

/** How a column with a type is written. Throws node_failed for one that no file can hold without loss. */
export function keptColumn({ name, type }: Column, structure: DuckDBType): KeptColumn {
  if (!isTextOnly(structure)) return { name, type, as: 'same' };
  if (isReadable(structure)) return { name, type, as: 'text' };
  if (structure instanceof DuckDBUnionType) {
    const { memberTags, memberTypes } = structure;
    if (memberTypes.every(isReadable)) return { name, type, as: 'union', members: memberTags.map((tag, index) => ({ name: tag, type: String(memberTypes[index]) })) };
  }
  throw new StudioError('node_failed', `The column “${name}” is ${type}, which can’t be kept without loss.`, { place: 'checkpoint', remedy: 'Cast it to another type before this node, or take the checkpoint off.' });
}

/** What is written of a column. */
export function written({ name, as, members }: KeptColumn): string {
  const column = quoteName(name);
  if (as === 'text') return `CAST(${column} AS VARCHAR) AS ${column}`;
  if (as === 'none') return `NULL::INTEGER AS ${column}`;
  if (as !== 'union') return column;
  const fields = (members ?? []).map((member, index) => `m${index} := CAST(union_extract(${column}, ${quoteText(member.name)}) AS VARCHAR)`);
  return `CASE WHEN ${column} IS NOT NULL THEN struct_pack(tag := CAST(union_tag(${column}) AS VARCHAR), ${fields.join(', ')}) END AS ${column}`;
}

/** The column as it was, out of what was written; `stored` is the type that the file gives it. */
export function read({ name, type, as, members }: KeptColumn, stored: string): string {
  const column = quoteName(name);
  if (as === 'none') return `NULL AS ${column}`;
  if (as !== 'union') return stored === type ? column : `CAST(${column} AS ${type}) AS ${column}`;
  const cases = (members ?? []).map((member, index) => `WHEN ${quoteText(member.name)} THEN CAST(union_value(${quoteName(member.name)} := CAST(${column}.m${index} AS ${member.type})) AS ${type})`);
  return `CASE ${column}.tag ${cases.join(' ')} END AS ${column}`;
}
