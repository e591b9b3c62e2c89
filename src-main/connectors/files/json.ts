import type { Type } from './types.ts';
import { typeText } from './types.ts';

/** A double keeps 15 digits of any decimal, and most readers of JSON take every number for one. */
const EXACT_DIGITS = 15;

const isFloat = (type: Type): boolean => type.kind === 'plain' && (type.name === 'FLOAT' || type.name === 'DOUBLE');
const isLong = (type: Type): boolean => (type.kind === 'decimal' && type.width > EXACT_DIGITS) || (type.kind === 'plain' && (type.name === 'HUGEINT' || type.name === 'UHUGEINT' || type.name === 'BIGNUM'));

/** Is there something in it that JSON's own form would break or blur? */
function special(type: Type): boolean {
  switch (type.kind) {
    case 'list': case 'array': return special(type.item);
    case 'struct': return type.fields.some((field) => special(field.type));
    case 'map': return special(type.value);
    case 'plain': case 'decimal': case 'union': case 'enum': break;
  }
  return isFloat(type) || isLong(type);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/**
 * A value as JSON can hold it: NaN and the infinities as the texts "nan", "inf" and "-inf", decimals and integers of more digits than a
 * double keeps as texts, in lists, structs and maps too. What is fine as it is stays as it is.
 */
export function jsonValue(type: Type, sql: string, depth = 0): string {
  if (!special(type)) return sql;
  const one = `e${depth}`;
  switch (type.kind) {
    case 'list': return `list_transform(${sql}, lambda ${one}: ${jsonValue(type.item, one, depth + 1)})`;
    case 'array': return `list_transform(CAST(${sql} AS ${typeText(type.item)}[]), lambda ${one}: ${jsonValue(type.item, one, depth + 1)})`;
    case 'struct': return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${type.fields.map((field) => `${quoted(field.name)} := ${jsonValue(field.type, `struct_extract(${sql}, ${literal(field.name)})`, depth)}`).join(', ')}) END`;
    case 'map': return `map(map_keys(${sql}), list_transform(map_values(${sql}), lambda ${one}: ${jsonValue(type.value, one, depth + 1)}))`;
    case 'plain': case 'decimal': case 'union': case 'enum': break;
  }
  return isLong(type) ? `CAST(${sql} AS VARCHAR)` : `CASE WHEN isfinite(${sql}) OR ${sql} IS NULL THEN to_json(${sql}) ELSE to_json(CAST(${sql} AS VARCHAR)) END`;
}
