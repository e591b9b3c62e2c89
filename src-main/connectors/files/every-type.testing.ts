/** One column of every type of the engine, two rows of edge values and one of NULLs: what a format keeps is tested on it. */
export const EVERY_TYPE: Readonly<Record<string, readonly [type: string, one: string, other: string]>> = {
  b: ['BOOLEAN', 'true', 'false'],
  i8: ['TINYINT', '-128', '127'], i16: ['SMALLINT', '-32768', '32767'], i32: ['INTEGER', '-2147483648', '2147483647'], i64: ['BIGINT', '-9223372036854775808', '9223372036854775807'],
  u8: ['UTINYINT', '0', '255'], u16: ['USMALLINT', '0', '65535'], u32: ['UINTEGER', '0', '4294967295'], u64: ['UBIGINT', '0', '18446744073709551615'],
  i128: ['HUGEINT', '-99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
  f32: ['FLOAT', '1.5', "'nan'"], f64: ['DOUBLE', '0.1', "'-inf'"],
  d4: ['DECIMAL(4,1)', '-999.9', '0.1'], d9: ['DECIMAL(9,2)', '1234567.89', '-0.01'], d18: ['DECIMAL(18,3)', '999999999999999.999', '-0.001'], d38: ['DECIMAL(38,10)', '1234567890123456789012345678.0123456789', '-0.0000000001'],
  s: ['VARCHAR', "'é 名字 😀'", "''"], x: ['BLOB', "'\\xAA\\x00'", "''"],
  day: ['DATE', "'0001-01-01'", "'9999-12-31'"], at: ['TIME', "'00:00:00'", "'23:59:59.999999'"],
  ts: ['TIMESTAMP', "'1969-12-31 23:59:59.999999'", "'2024-02-29 12:00:00.123456'"], tss: ['TIMESTAMP_S', "'2024-02-29 12:00:00'", "'1900-01-01 00:00:00'"],
  tsm: ['TIMESTAMP_MS', "'2024-02-29 12:00:00.123'", "'1900-01-01 00:00:00'"], tsn: ['TIMESTAMP_NS', "'2024-02-29 12:00:00.123456789'", "'1900-01-01 00:00:00'"],
  tz: ['TIMESTAMP WITH TIME ZONE', "'2024-02-29 12:00:00.123456+05:30'", "'1900-01-01 00:00:00+00'"],
  id: ['UUID', "'550e8400-e29b-41d4-a716-446655440000'", "'00000000-0000-0000-0000-000000000000'"],
  list: ['INTEGER[]', '[1, NULL, 3]', '[]'], deep: ['DECIMAL(10,2)[][]', '[[1.25], [], NULL]', '[[-0.01]]'],
  st: ['STRUCT(a INTEGER, "b c" VARCHAR)', "{'a': 1, 'b c': NULL}", "{'a': NULL, 'b c': 'x'}"],
  sl: ['STRUCT(k VARCHAR, v TIMESTAMP)[]', "[{'k': 'a', 'v': TIMESTAMP '2024-01-01'}, NULL]", '[]'],
  m: ['MAP(VARCHAR, BIGINT)', "MAP {'a': 9007199254740993, 'b': NULL}", 'MAP {}'],
};

/** A SELECT of the named columns (all when left out): the two rows, and one of NULLs between them. */
export function everyType(names: readonly string[] = Object.keys(EVERY_TYPE)): string {
  const row = (at: 1 | 2 | null): string => `SELECT ${names.map((name) => `CAST(${at === null ? 'NULL' : (EVERY_TYPE[name]?.[at] ?? 'NULL')} AS ${EVERY_TYPE[name]?.[0] ?? 'VARCHAR'}) AS ${name}`).join(', ')}`;
  return [row(1), row(null), row(2)].join(' UNION ALL ');
}
