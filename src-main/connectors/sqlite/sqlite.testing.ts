import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { OpenConnection } from '#shared/connections/connection';

/** A SQLite file of a test's own. */
export interface TestFile {
  readonly folder: string;
  readonly path: string;
  readonly connection: OpenConnection;
  /** Past the driver: a statement's rows as texts. */
  run(sql: string): readonly (readonly (string | null)[])[];
  remove(): void;
}

const text = (value: bigint | number | string | Uint8Array | null): string | null => (value === null ? null : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value));

export function testFile(settings: { readonly create?: boolean } = {}): TestFile {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-sqlite-'));
  const path = join(folder, 'data.sqlite');
  return {
    folder, path,
    connection: { name: 'db', kind: 'sqlite', settings: { path, create: false, ...settings }, secrets: {} },
    run(sql) {
      const db = new Database(path, { timeout: 100 });
      try {
        const statement = db.prepare<[], (bigint | number | string | Uint8Array | null)[]>(sql);
        if (statement.reader) return statement.raw(true).safeIntegers(true).all().map((row) => row.map(text));
        statement.run();
        return [];
      } finally {
        db.close();
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
