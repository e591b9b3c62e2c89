import type { Column } from '#shared/data';
import type { ErrorInfo } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { Input, Inputs } from '../nodes/define.ts';
import { quoteName, quoteText } from './quoting.ts';

/** What stands behind the columns of the node's input. Columns of these names, which another node's failures had, give way. */
const TOLD: ReadonlySet<string> = new Set(['_node', '_code', '_message']);
const kept = (columns: readonly Column[]): readonly string[] => columns.filter(({ name }) => !TOLD.has(name.toLowerCase())).map(({ name }) => quoteName(name));

/** The engine's parser would stop at NUL. */
const literal = (text: string): string => quoteText(text.replaceAll('\0', '\uFFFD'));
const NOTHING = 'NULL::VARCHAR AS "_node", NULL::VARCHAR AS "_code", NULL::VARCHAR AS "_message"';
const told = (node: NodeId, { code, message }: Pick<ErrorInfo, 'code' | 'message'>): string =>
  `${literal(node)} AS "_node", ${literal(code)} AS "_code", ${literal(message)} AS "_message"`;

const listed = (parts: readonly string[]): string => parts.join(', ');

/** The input whose columns the port has; a source has none. */
export const inputOf = (inputs: Inputs): Input | null => Object.values(inputs)[0] ?? null;

/** The port's rows when nothing failed: none, with the columns that failures would have. */
export const noFailures = (input: Input | null): string =>
  input === null ? `SELECT ${NOTHING} WHERE false` : `SELECT ${listed([...kept(input.columns), NOTHING])} FROM ${input.sql} LIMIT 0`;

/** The port's one row when the node failed as a whole. */
export const wholeFailure = (input: Input | null, node: NodeId, error: Pick<ErrorInfo, 'code' | 'message'>): string =>
  input === null ? `SELECT ${told(node, error)}` : `SELECT ${listed([...kept(input.columns), told(node, error)])} FROM (SELECT 1) LEFT JOIN (SELECT * FROM ${input.sql} LIMIT 0) ON true`;

/** The port's rows out of a table with the node's rows, of which `where` tells those that failed. */
export const failedRows = (columns: readonly Column[], from: string, where: string, node: NodeId, error: Pick<ErrorInfo, 'code' | 'message'>): string =>
  `SELECT ${listed([...kept(columns), told(node, error)])} FROM ${from} WHERE ${where}`;
