/**
 * Loaded before the host: kills the process at the nth statement that SQLite is given within a fire (the transaction that holds a
 * ScheduleFired), before it or after it. The product has no hook for this: the driver is wrapped.
 */
import { appendFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

const at = Number(process.env['DIE_AT']);
const before = process.env['DIE_SIDE'] === 'before';
const log = process.env['DIE_LOG'];
/** So many statements come before the one that says that it is a fire: those of the first transaction of a second are taken for a fire's. */
const PREFIX = Number(process.env['DIE_PREFIX'] ?? 0);

type Method = (this: unknown, ...values: readonly unknown[]) => unknown;
type Methods = Record<string, Method>;

const driver = Sqlite.prototype as unknown as { prepare: (this: unknown, source: string) => Methods; exec: (this: unknown, source: string) => unknown };
const { prepare, exec } = driver;
/** Of the transaction that is open. */
let statements: string[] | null = null;
let isFire = false;

const die = (): void => void process.kill(process.pid, 'SIGKILL');
const isOne = (): boolean => isFire || (statements !== null && statements.length <= PREFIX && Date.now() % 1000 < 150);

function around<T>(source: string, values: readonly unknown[], call: () => T): T {
  const text = source.replaceAll(/\s+/g, ' ').slice(0, 60);
  if (text.startsWith('BEGIN')) {
    statements = [];
    isFire = false;
  }
  if (statements === null) return call();
  if (values.some((value) => value === 'ScheduleFired')) isFire = true;
  statements.push(text);
  const own = statements.length === at && isOne();
  if (own && before) die();
  const result = call();
  if (own) die();
  if (/^(?:COMMIT|ROLLBACK$)/.test(text)) {
    if (isFire && log !== undefined) appendFileSync(log, `${JSON.stringify(statements)}\n`);
    statements = null;
    isFire = false;
  }
  return result;
}

driver.prepare = function prepareWatched(source) {
  const statement = prepare.call(this, source);
  for (const name of ['run', 'get', 'all']) {
    const method = statement[name] as Method;
    statement[name] = (...values) => around(source, values, () => method.call(statement, ...values));
  }
  return statement;
};
driver.exec = function execWatched(source) {
  return around(source, [], () => exec.call(this, source));
};
