import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { SqlWrite } from '../sql/driver.ts';
import { matchColumns, matchKeys, noTable } from '../sql/failures.ts';
import { plainOf } from '../sql/plain.ts';
import { tableParts } from '../sql/table-name.ts';
import { declarationOf, quoteName, quoteText, writeOf } from './literals.ts';
import type { TargetColumn, Write } from './literals.ts';
import type { Session } from './session.ts';

/** A table that rows are about to go into. */
export interface Target {
  /** Quoted, with its database. */
  readonly name: string;
  readonly place: string;
  readonly created: boolean;
  /** By column of the rows. */
  readonly columns: readonly TargetColumn[];
  readonly writes: readonly Write[];
  /** Positions of the upsert's keys among the columns of the rows. */
  readonly keys: readonly number[];
  /** The statement before and after the rows. */
  readonly head: string;
  readonly tail: string;
}

async function columnsOf(session: Session, at: string): Promise<readonly TargetColumn[]> {
  const rows = await session.rows(`SELECT column_name, data_type, COALESCE(datetime_precision, 0), extra, is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%' FROM information_schema.columns WHERE ${at} ORDER BY ordinal_position`);
  return rows.map(([name, type, precision, extra, required]) => ({ name: String(name), type: String(type).toLowerCase(), precision: Number(precision), generated: /(VIRTUAL|STORED|PERSISTENT) ?GENERATED|^(VIRTUAL|STORED|PERSISTENT)$/i.test(String(extra)), required: Number(required) === 1 }));
}

async function makeTable(session: Session, name: string, columns: readonly Column[], keys: readonly number[]): Promise<void> {
  const parts = columns.map((column, index) => {
    const key = keys.includes(index);
    return `${quoteName(column.name)} ${declarationOf(plainOf(column.type), { type: column.type, isMariaDb: session.isMariaDb, keys: key ? keys.length : 0 })}${key ? ' NOT NULL' : ''}`;
  });
  if (keys.length > 0) parts.push(`PRIMARY KEY (${keys.map((key) => quoteName(columns[key]?.name ?? '')).join(', ')})`);
  await session.run(`CREATE TABLE ${name} (${parts.join(', ')}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`);
}

/**
 * The server takes any unique key for the one that is meant. So one must cover exactly the upsert's keys, and no other one may be able to
 * match: its columns are not all among those that are written.
 */
async function checkUnique(session: Session, at: string, target: readonly TargetColumn[], keys: readonly number[], place: string): Promise<void> {
  const rows = await session.rows(`SELECT index_name, column_name, sub_part FROM information_schema.statistics WHERE ${at} AND non_unique = 0 ORDER BY index_name, seq_in_index`);
  const indexes = new Map<string, { readonly names: string[]; whole: boolean }>();
  for (const [index, column, part] of rows) {
    const found = indexes.get(String(index)) ?? { names: [], whole: true };
    found.names.push(String(column).toLowerCase());
    if (part !== null) found.whole = false;
    indexes.set(String(index), found);
  }
  const wanted = keys.map((key) => (target[key]?.name ?? '').toLowerCase()).toSorted().join('\n');
  const written = new Set(target.map(({ name }) => name.toLowerCase()));
  const isWanted = ({ names, whole }: { readonly names: readonly string[]; readonly whole: boolean }): boolean => whole && names.toSorted().join('\n') === wanted;
  const named = keys.map((key) => target[key]?.name ?? '').join(', ');
  if (![...indexes.values()].some(isWanted)) throw new StudioError('node_failed', `No unique key of the table covers exactly the columns ${named}, so an upsert can’t tell rows apart by them.`, { place, remedy: 'Name the columns of its primary key or of a unique index, or make such an index.' });
  const other = [...indexes].find(([, index]) => !isWanted(index) && index.names.every((name) => written.has(name)));
  if (other !== undefined) throw new StudioError('node_failed', `The table has another unique key, ${other[0]} (${other[1].names.join(', ')}), by which the server would replace rows as well as by ${named}.`, { place, remedy: 'Leave its columns out of the rows, or name them as the keys.' });
}

async function checkEngine(session: Session, at: string, table: string, place: string): Promise<void> {
  const [[kind, engine, transactions] = []] = await session.rows(`SELECT t.table_type, t.engine, e.transactions FROM information_schema.tables t LEFT JOIN information_schema.engines e ON e.engine = t.engine WHERE ${at.replaceAll('table_', 't.table_')}`);
  if (String(kind).includes('VIEW')) throw new StudioError('node_failed', `“${table}” is a view.`, { place, remedy: 'Name a table.' });
  if (transactions !== 'YES') throw new StudioError('node_failed', `The table’s engine, ${String(engine)}, knows no transactions: what fails half way would stay half done.`, { place, remedy: 'Have the table changed to InnoDB (ALTER TABLE … ENGINE=InnoDB).' });
}

/** Finds the table or makes it, which the server commits at once. Throws node_failed for what does not go together. */
export async function openTarget(session: Session, request: SqlWrite, columns: readonly Column[]): Promise<Target> {
  const parts = tableParts(request.table);
  const { settings } = session;
  const [asked = '', database = settings.database] = parts.toReversed();
  if (parts.length > 2) throw new StudioError('node_failed', `“${request.table}” has too many parts.`, { place: 'table', remedy: 'Write table or database.table.' });
  const place = `${settings.place}, ${asked}`;
  const [[found] = []] = await session.rows(`SELECT table_name FROM information_schema.tables WHERE table_schema = ${quoteText(database)} AND table_name IN (${quoteText(asked)}, CAST(${quoteText(asked)} AS CHAR)) LIMIT 1`);
  const table = typeof found === 'string' ? found : asked;
  const name = `${quoteName(database)}.${quoteName(table)}`;
  const at = `table_schema = ${quoteText(database)} AND table_name = ${quoteText(table)}`;
  const keys = request.mode === 'upsert' ? matchKeys(request.keys, columns, place) : [];
  if (found === undefined && !request.create) throw noTable(place, table, (await session.rows(`SELECT table_name FROM information_schema.tables WHERE table_schema = ${quoteText(database)} ORDER BY 1`)).map(([one]) => String(one)));
  if (found === undefined) await makeTable(session, name, columns, keys);
  else await checkEngine(session, at, table, place);
  const known = await columnsOf(session, at);
  const target = matchColumns(columns, known.map((column) => column.name), table, place).map((index) => known[index] ?? { name: '', type: '', precision: 0, generated: false, required: false });
  const generated = target.find((column) => column.generated);
  if (generated !== undefined) throw new StudioError('node_failed', `The table computes the column “${generated.name}” itself.`, { place, remedy: 'Drop it from the rows before.' });
  if (request.mode === 'upsert' && found !== undefined) await checkUnique(session, at, target, keys, place);
  const names = target.map((column) => quoteName(column.name));
  const sets = names.flatMap((column, index) => (keys.includes(index) ? [] : [`${column} = VALUES(${column})`]));
  // Where all is key, a row that is there stays as it is.
  const update = sets.length === 0 ? [`${names[keys[0] ?? 0] ?? ''} = VALUES(${names[keys[0] ?? 0] ?? ''})`] : sets;
  return {
    name, place, created: found === undefined, columns: target, keys,
    writes: columns.map(({ type }, index) => writeOf(plainOf(type), target[index] ?? { name: '', type: '', precision: 0, generated: false, required: false })),
    head: `INSERT INTO ${name} (${names.join(', ')}) VALUES `,
    tail: request.mode === 'upsert' ? ` ON DUPLICATE KEY UPDATE ${update.join(', ')}` : '',
  };
}
