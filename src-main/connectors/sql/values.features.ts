import { expect, test } from 'vitest';
import type { Column } from '#shared/data';
import type { JsonObject } from '#shared/json';
import type { NodeOutcome, TestRows } from '../../dataplane/node.testing.ts';
import type { SqlSubject } from './driver.features.ts';

interface Tools {
  readonly subject: () => SqlSubject;
  readonly write: (table: string, rows: TestRows, config?: JsonObject) => Promise<NodeOutcome>;
  readonly read: (query: string) => Promise<{ readonly columns: readonly Column[]; readonly rows: readonly (readonly (string | null)[])[] }>;
  /** Notes that a table is to go before the next test. */
  readonly fresh: (table: string) => string;
}

/** Each type at its ends: a name, the value in DuckDB's SQL, and DuckDB's text for what comes back. */
export const VALUES: readonly (readonly [name: string, sql: string, text: string])[] = [
  ['yes', 'true', 'true'],
  ['no', 'false', 'false'],
  ['tiny', '(-128)::TINYINT', '-128'],
  ['small', '32767::SMALLINT', '32767'],
  ['int', '(-2147483648)::INTEGER', '-2147483648'],
  ['big', '9223372036854775807::BIGINT', '9223372036854775807'],
  ['least', '(-9223372036854775808)::BIGINT', '-9223372036854775808'],
  ['exact int', '9007199254740993::BIGINT', '9007199254740993'],
  ['unsigned tiny', '255::UTINYINT', '255'],
  ['unsigned small', '65535::USMALLINT', '65535'],
  ['unsigned', '4294967295::UINTEGER', '4294967295'],
  ['unsigned big', '18446744073709551615::UBIGINT', '18446744073709551615'],
  ['huge', '(-170141183460469231731687303715884105727)::HUGEINT', '-170141183460469231731687303715884105727'],
  ['money', '(-12345678901234567.89)::DECIMAL(19,2)', '-12345678901234567.89'],
  ['fraction', '0.0000000001::DECIMAL(12,10)', '0.0000000001'],
  ['widest', '1234567890123456789012345678.1234567890::DECIMAL(38,10)', '1234567890123456789012345678.1234567890'],
  ['zeros', '1.50::DECIMAL(18,4)', '1.5000'],
  ['float', '3.4028235e38::FLOAT', '3.4028235e+38'],
  ['float tenth', '0.1::FLOAT', '0.1'],
  ['double', '1.7976931348623157e308::DOUBLE', '1.7976931348623157e+308'],
  ['double least', '5e-324::DOUBLE', '5e-324'],
  ['double tenth', '(0.1::DOUBLE + 0.2::DOUBLE)', '0.30000000000000004'],
  ['nan', "'nan'::DOUBLE", 'nan'],
  ['infinite', "'-inf'::DOUBLE", '-inf'],
  ['letters', "'é中😀 \"quoted\", it''s \\ \\N' || chr(10) || chr(13) || chr(9) || chr(1)", 'é中😀 "quoted", it\'s \\ \\N\n\r\t\u0001'],
  ['empty', "''", ''],
  ['null word', "'NULL'", 'NULL'],
  ['long', "repeat('é', 100000)", 'é'.repeat(100_000)],
  ['bytes', String.raw`'\x00\xFF\x27\x5C\x0A'::BLOB`, String.raw`\x00\xFF\x27\x5C\x0A`],
  ['no bytes', "''::BLOB", ''],
  ['day', "DATE '2026-02-28'", '2026-02-28'],
  ['first day', "DATE '1000-01-01'", '1000-01-01'],
  ['last day', "DATE '9999-12-31'", '9999-12-31'],
  ['time', "TIME '23:59:59.999999'", '23:59:59.999999'],
  ['local', "TIMESTAMP '2026-03-29 02:30:00.123456'", '2026-03-29 02:30:00.123456'],
  ['last local', "TIMESTAMP '9999-12-31 23:59:59.999999'", '9999-12-31 23:59:59.999999'],
  ['before 1970', "TIMESTAMP '1969-12-31 23:59:59.999999'", '1969-12-31 23:59:59.999999'],
  ['zoned', "TIMESTAMPTZ '2026-03-29 01:30:00.123456+02'", '2026-03-28 23:30:00.123456+00'],
  ['json', `'{"a": [1, 2.50, null, "é"], "b": {}}'::JSON`, '{"a": [1, 2.50, null, "é"], "b": {}}'],
  ['json text', `'"x"'::JSON`, '"x"'],
  ['json null', `'null'::JSON`, 'null'],
  ['uuid', "UUID 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['list', '[1, NULL, -9223372036854775808]::BIGINT[]', '[1, NULL, -9223372036854775808]'],
  ['texts', `['a,b', 'c"d', NULL, '', 'NULL', '{e}', '\\']`, `['a,b', 'c"d', NULL, '', 'NULL', '{e}', \\]`],
  ['no list', '[]::INTEGER[]', '[]'],
  ['record', `{'a': 1, 'b': NULL::DATE, 'c': [true]}`, '{"a":1,"b":null,"c":[true]}'],
];

/** Every value out and in again, as values and as NULL: none is changed, or the database has nothing for it and says so. */
export function valueFeatures({ subject, write, read, fresh }: Tools): void {
  const differs = (name: string) => subject().differs?.[name];

  test('values come back as they were written', async () => {
    const kept = VALUES.filter(([name]) => typeof differs(name) !== 'object');
    const rows = `SELECT 1 AS nr, ${kept.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')}`;
    await write(fresh('kept'), rows, { create: true });
    const { columns, rows: [found = []] } = await read('SELECT * FROM kept');
    const texts = Object.fromEntries(columns.map(({ name }, index) => [name, found[index]]));
    expect(texts).toEqual({ nr: '1', ...Object.fromEntries(kept.map(([name, , text]) => [name, differs(name) ?? text])) });
  });

  test('a value that the database has nothing for is refused with its row and column', async () => {
    for (const [name, sql] of VALUES) {
      const expected = differs(name);
      if (typeof expected !== 'object') continue;
      const rows = `SELECT CASE WHEN i = 3 THEN ${sql} END AS "${name}" FROM range(1, 4) t(i) ORDER BY i`;
      await expect(write(fresh('refused'), rows, { create: true }), name).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(new RegExp(`^Row 3, column “${name}”: .*${expected.refused.source}`, 'su')) });
      await expect(read('SELECT * FROM refused'), `${name} left a table`).rejects.toThrow();
    }
  });

  test('every type may be NULL', async () => {
    const kept = VALUES.filter(([name]) => typeof differs(name) !== 'object');
    await write(fresh('nulls'), `SELECT 1 AS nr, ${kept.map(([name, sql]) => `CASE WHEN false THEN ${sql} END AS "${name}"`).join(', ')}`, { create: true });
    const { rows: [found = []] } = await read('SELECT * FROM nulls');
    expect(found).toEqual(['1', ...kept.map(() => null)]);
  });
}
