/**
 * Loaded before the host: kills the process at its nth commit of events, before it (all is written, nothing is committed) or after it
 * (it is durable, and nothing has been done because of it yet). The product has no hook for this: the driver of SQLite is wrapped.
 */
import { appendFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

const at = Number(process.env['DIE_AT']);
const before = process.env['DIE_SIDE'] === 'before';
const log = process.env['DIE_LOG'];

/** Of a class whose methods are told their `this` by hand. */
type Method<T, A extends readonly unknown[], R> = (this: T, ...values: A) => R;
interface Statement {
  run: Method<Statement, readonly unknown[], unknown>;
}
interface Driver {
  prepare: Method<Driver, readonly [string], Statement>;
}

const driver = Sqlite.prototype as unknown as Driver;
const prepare: Method<Driver, readonly [string], Statement> = driver.prepare;
let commits = 0;
let inserted = 0;

driver.prepare = function prepareWatched(source) {
  const statement = prepare.call(this, source);
  const run: Statement['run'] = statement.run;
  if (/^INSERT INTO events\b/.test(source)) {
    statement.run = (...values) => {
      inserted += 1;
      return run.call(statement, ...values);
    };
  }
  if (source === 'COMMIT') {
    statement.run = (...values) => {
      if (inserted === 0) return run.call(statement, ...values);
      commits += 1;
      if (log !== undefined) appendFileSync(log, `${inserted}\n`);
      inserted = 0;
      if (commits === at && before) process.kill(process.pid, 'SIGKILL');
      const result = run.call(statement, ...values);
      if (commits === at) process.kill(process.pid, 'SIGKILL');
      return result;
    };
  }
  return statement;
};
