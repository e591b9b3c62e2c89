import { createHash } from 'node:crypto';
import { StudioError } from '#shared/errors';
import type { NodeSpec } from '#shared/node-spec';
import { ERROR_PORT } from '#shared/workflow/graph';
import type { Pin } from '#shared/workflow/workflow';
import { describing } from '../nodes/define.ts';
import type { AnyNode, NodeContext } from '../nodes/define.ts';
import { noFailures } from './error-port.ts';
import { quoteName, quoteText } from './quoting.ts';
import { RUN_SCHEMA } from './session.ts';
import { textTable } from './text-table.ts';

type PinnedPort = Pin[string];

const TEXTS = 'pinned_texts';
const REMEDY = 'Unpin the node, run it and pin it again, or cast the column to another type before this node.';

const refuse = (message: string, cause?: unknown): StudioError => new StudioError('node_failed', message, { place: 'pin', remedy: REMEDY, ...(cause === undefined ? {} : { cause, ...(cause instanceof Error ? { detail: cause.message } : {}) }) });

/** The type as the engine writes it: only that text, never the given one, stands in a statement that runs. Throws node_failed naming the column. */
async function typeOf(name: string, given: string, context: NodeContext): Promise<string> {
  if (given === 'VARCHAR') return given;
  if (/\b(UNION|VARIANT)\b/.test(given)) throw refuse(`The pinned column “${name}” is ${given}, whose values can’t be told from their texts.`);
  try {
    const cast = `CAST(NULL AS ${given})`;
    await context.checkExpression(cast, 'pin');
    const [column] = await context.columns(`SELECT ${cast} AS value`);
    if (column === undefined) throw new Error('no type');
    return column.type;
  } catch (cause) {
    throw refuse(`The pinned column “${name}” has the type ${given}, which can’t be made.`, cause);
  }
}

/** The first text that its type does not read, or reads as something else. */
async function checkReadable(texts: string, columns: PinnedPort['columns'], types: readonly string[], context: NodeContext): Promise<void> {
  for (const [index, type] of types.entries()) {
    if (type === 'VARCHAR') continue;
    const name = columns[index]?.name ?? '';
    const nested = /[[(]/.test(type) && !type.startsWith('DECIMAL') && !type.startsWith('ENUM');
    const misread = nested ? `CAST(TRY_CAST(c${index} AS ${type}) AS VARCHAR) IS DISTINCT FROM c${index}` : `TRY_CAST(c${index} AS ${type}) IS NULL`;
    const [bad] = await context.query(`SELECT c${index} AS text FROM ${texts} WHERE c${index} IS NOT NULL AND ${misread} LIMIT 1`).catch((cause: unknown) => {
      throw refuse(`The pinned column “${name}” is ${type}, which no text can be read as.`, cause);
    });
    if (bad !== undefined) throw refuse(`“${String(bad['text']).slice(0, 200)}” in the pinned column “${name}” can’t be read as ${type}.`);
  }
}

/** A table of the session with the pinned rows, named for its content: made when it is not there yet. */
async function tableOf(port: PinnedPort, context: NodeContext): Promise<string> {
  const types: string[] = [];
  for (const { name, type } of port.columns) types.push(await typeOf(name, type, context));
  const wide = port.rows.find((row) => row.length !== port.columns.length);
  if (wide !== undefined) throw refuse(`A pinned row has ${wide.length} values for ${port.columns.length} columns.`);
  const name = `pin ${createHash('sha1').update(JSON.stringify([port.columns, types, port.rows])).digest('hex')}`;
  const table = `${RUN_SCHEMA}.${quoteName(name)}`;
  const [there] = await context.query(`SELECT 1 FROM duckdb_tables() WHERE schema_name = ${quoteText(RUN_SCHEMA)} AND table_name = ${quoteText(name)}`);
  if (there !== undefined) return table;
  try {
    const texts = await textTable((sql) => context.query(sql), TEXTS, types.length, port.rows);
    await checkReadable(texts, port.columns, types, context);
    const list = types.map((type, index) => `CAST(c${index} AS ${type}) AS ${quoteName(port.columns[index]?.name ?? '')}`);
    await context.query(`CREATE TABLE ${table} AS SELECT ${list.join(', ')} FROM ${texts}`);
  } finally {
    await context.query(`DROP TABLE IF EXISTS temp.${TEXTS}`);
  }
  return table;
}

/**
 * A node that gives its pinned rows and does nothing else: it reads no file and no input, whatever its type would. A port that is not
 * pinned gives no rows, of one column without a type. `diverts`: it has a port `error`.
 */
export function pinnedNode(spec: NodeSpec, pin: Pin, diverts: boolean): AnyNode {
  return describing<unknown>({
    spec,
    fusing: () => 'source',
    async describe(_config, _inputs, context) {
      const outputs: Record<string, string> = diverts ? { [ERROR_PORT]: noFailures(null) } : {};
      for (const { name } of spec.outputs) outputs[name] = 'SELECT NULL AS "value" WHERE false';
      for (const [name, port] of Object.entries(pin)) if (Object.hasOwn(outputs, name) && port.columns.length > 0) outputs[name] = `SELECT * FROM ${await tableOf(port, context)}`;
      return { outputs };
    },
  });
}
