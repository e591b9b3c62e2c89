/** PostgreSQL's type for a column of a table that is made, by DuckDB's type. */
const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean', TINYINT: 'smallint', SMALLINT: 'smallint', INTEGER: 'integer', BIGINT: 'bigint',
  UTINYINT: 'smallint', USMALLINT: 'integer', UINTEGER: 'bigint', UBIGINT: 'numeric(20,0)', HUGEINT: 'numeric(39,0)', UHUGEINT: 'numeric', BIGNUM: 'numeric',
  FLOAT: 'real', DOUBLE: 'double precision', VARCHAR: 'text', JSON: 'json', BLOB: 'bytea', BIT: 'bit varying', UUID: 'uuid',
  DATE: 'date', TIME: 'time', TIME_NS: 'time', 'TIME WITH TIME ZONE': 'timetz', TIMESTAMP: 'timestamp', TIMESTAMP_S: 'timestamp', TIMESTAMP_MS: 'timestamp', TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz', INTERVAL: 'interval',
};

/** The elements' type and the depth of a list of lists: `BIGINT[][3]` is BIGINT, 2. */
export function elementOf(type: string): { readonly element: string; readonly depth: number } {
  let element = type;
  let depth = 0;
  for (let found = /^(.*)\[\d*\]$/s.exec(element); found !== null; found = /^(.*)\[\d*\]$/s.exec(element)) {
    element = found[1] ?? '';
    depth += 1;
  }
  return { element, depth };
}

/** Records, maps and unions: they are JSON on the other side, and so are lists of them. */
export const isRecord = (type: string): boolean => /^(?:STRUCT|MAP|UNION|VARIANT)\b/.test(type);

/** JSON keeps its text: `json` and not `jsonb`, which would order its keys. What is made of records is `jsonb`. */
export function columnType(type: string): string {
  const { element, depth } = elementOf(type);
  if (isRecord(element)) return 'jsonb';
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(element);
  return (decimal === null ? (TYPES[element] ?? 'text') : `numeric(${decimal[1]},${decimal[2]})`) + '[]'.repeat(depth);
}
