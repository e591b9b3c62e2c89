import type { Column, Sample } from '#shared/data';
import { textTable } from './text-table.ts';
import { readingOf } from './kept.ts';
import type { Answers, Question, RowsSource } from './protocol.ts';
import { quoteName } from './quoting.ts';
import { sampleOf } from './samples.ts';
import type { Session } from './session.ts';

type Difference = Extract<Question, { kind: 'difference' }>;

/** One side as a relation. `texts`: every value is the engine's text for it. */
interface Side {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly texts: boolean;
}

/** What compares by nothing but its text. */
const BY_TEXT = /VARIANT|GEOMETRY|UNION/;

async function sideOf(session: Session, source: RowsSource, name: string): Promise<Side> {
  if (source.kind === 'file') {
    const { select, columns } = await readingOf(session, source.path);
    return { sql: `(${select})`, columns: columns.map((column) => ({ name: column.name, type: column.type })), texts: false };
  }
  const { columns, rows } = source.sample;
  const sql = await textTable((statement) => session.run(statement), name, columns.length, rows);
  return { sql: `(SELECT ${columns.length === 0 ? '*' : columns.map((column, index) => `c${index} AS ${quoteName(column.name)}`).join(', ')} FROM ${sql})`, columns, texts: true };
}

const typeIn = (side: Side, name: string): string | null => side.columns.find((column) => column.name === name)?.type ?? null;

async function countOf(session: Session, sql: string): Promise<number> {
  return Number((await session.rows(`SELECT count(*) FROM ${sql}`))[0]?.[0] ?? 0);
}

/**
 * What two bags of rows do not share, over the columns that both have: values of one type are compared as such, others by their text.
 * NULL equals NULL and NaN equals NaN; the order of rows means nothing. More rows than fit into memory are spilled.
 */
export async function differenceOf(session: Session, { left, right, limit }: Difference): Promise<Answers['difference']> {
  const [a, b] = [await sideOf(session, left, 'left_rows'), await sideOf(session, right, 'right_rows')];
  const names = [...new Set([...a.columns, ...b.columns].map((column) => column.name))];
  const columns = names.map((name) => ({ name, left: typeIn(a, name), right: typeIn(b, name) }));
  const common = columns.flatMap((column) => (column.left === null || column.right === null ? [] : [{ name: column.name, type: column.left, same: column.left === column.right && a.texts === b.texts && !BY_TEXT.test(column.left) }]));
  const [leftRows, rightRows] = [await countOf(session, a.sql), await countOf(session, b.sql)];
  const shown: Column[] = common.map(({ name, type, same }) => ({ name, type: same ? type : 'VARCHAR' }));
  const none: Sample = { columns: shown, rows: [], partial: false };
  if (common.length === 0) return { leftRows, rightRows, same: 0, onlyLeft: leftRows, onlyRight: rightRows, columns, left: none, right: none };
  const list = common.map(({ name, same }) => (same ? quoteName(name) : `CAST(${quoteName(name)} AS VARCHAR) AS ${quoteName(name)}`)).join(', ');
  const keys = common.map((_, index) => `k${index}`);
  const half = (side: Side, count: string): string => `SELECT * FROM (SELECT ${list} FROM ${side.sql}) AS side(${keys.join(', ')}), (SELECT ${count} AS way)`;
  // "over": how many more of a row are on the left; below zero, on the right.
  await session.run(`CREATE OR REPLACE TEMP TABLE differing AS SELECT ${keys.join(', ')}, sum(way)::BIGINT AS over FROM (${half(a, '1')} UNION ALL ${half(b, '-1')}) GROUP BY ALL HAVING sum(way) <> 0`);
  try {
    const [[onlyLeft, onlyRight] = []] = await session.rows('SELECT coalesce(sum(over) FILTER (over > 0), 0)::BIGINT, coalesce(-sum(over) FILTER (over < 0), 0)::BIGINT FROM differing');
    const first = async (sign: '>' | '<', total: number): Promise<Sample> => {
      const some = `SELECT * FROM differing WHERE over ${sign} 0 ORDER BY ${keys.join(', ')} LIMIT ${limit}`;
      const each = `SELECT ${keys.map((key, index) => `${key} AS ${quoteName(shown[index]?.name ?? key)}`).join(', ')} FROM (SELECT *, unnest(range(least(abs(over), ${limit}))) FROM (${some}))`;
      const rows = await sampleOf(session, each, shown, limit);
      return { columns: shown, rows: [...rows], partial: total > rows.length };
    };
    return {
      leftRows, rightRows, columns,
      same: leftRows - Number(onlyLeft), onlyLeft: Number(onlyLeft), onlyRight: Number(onlyRight),
      left: await first('>', Number(onlyLeft)), right: await first('<', Number(onlyRight)),
    };
  } finally {
    await session.run('DROP TABLE IF EXISTS temp.differing; DROP TABLE IF EXISTS temp.left_rows; DROP TABLE IF EXISTS temp.right_rows');
  }
}
