import { mkdirSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { isAddress } from '#shared/workflow/check-config';
import type { NodeContext } from '../nodes/define.ts';
import { checkExpression, checkQuery } from './expressions.ts';
import type { Judgement } from './expressions.ts';
import { readFunctions } from './functions.ts';
import type { Functions } from './functions.ts';
import { explainFailure } from './failures.ts';
import type { Memory } from './memory.ts';
import type { Session } from './session.ts';
import type { Judge } from './steady.ts';

/** What the nodes of one run, or of one question, share. */
export interface RunContext {
  readonly session: Session;
  readonly memory: Memory;
  readonly runId: string;
  readonly requestedAt: Date;
  readonly folder: string;
  /** The run's own folder; made when a node first asks for it. */
  readonly scratch: string;
  readonly connection: NodeContext['connection'];
  /** Changes whenever a file that the workflow reads does, or a table of the run has other columns. Short. */
  stamp(): string;
}

/** A relative path starts at the workflow's folder. Throws invalid_input for an address, which would become a folder called "https:", and for NUL. */
export function resolveIn(folder: string, path: string): string {
  if (isAddress(path)) throw new StudioError('invalid_input', 'This is an address, not the path of a file.', { place: path.slice(0, 200), remedy: 'Download the file and name it by its path.' });
  if (path.includes('\0')) throw new StudioError('invalid_input', 'The path holds a NUL character, which no path can.', { place: path.replaceAll('\0', '�').slice(0, 200), remedy: 'Remove it.' });
  return normalize(isAbsolute(path) ? path : join(folder, path));
}

async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explainFailure(error);
  }
}

/** The NodeContext of one node: what it asks is answered from memory where files and text are the same as before. */
export function contextFor(run: RunContext, nodeId: string): NodeContext {
  const { session, memory } = run;
  return {
    nodeId,
    runId: run.runId,
    requestedAt: run.requestedAt,
    resolve: (path) => resolveIn(run.folder, path),
    connection: (name, kinds) => run.connection(name, kinds),
    get scratch() {
      mkdirSync(run.scratch, { recursive: true });
      return run.scratch;
    },
    query: (sql) => explained(session.objects(sql)),
    columns: (select): Promise<readonly Column[]> => memory.remember(`columns ${run.stamp()} ${select}`, '', () => explained(session.columns(select))),
    remember: (key, stamp, make) => memory.remember(`node ${key}`, stamp, make),
    ...checksOf(session, memory),
  };
}

/** The checks of SQL texts, whose answers depend on nothing but the text; `judge` says of one that is right whether it is steady. */
export function checksOf(session: Session, memory: Memory): Pick<NodeContext, 'checkExpression' | 'checkQuery'> & { readonly judge: Judge } {
  const functions = (): Promise<Functions> => memory.remember('functions', '', () => readFunctions(session));
  const expression = (text: string, field: string): Promise<Judgement> => memory.remember(`expression ${field} ${text}`, '', () => checkExpression(session, text, field, functions));
  const query = (text: string, field: string, tables: readonly string[]): ReturnType<typeof checkQuery> =>
    memory.remember(`query ${field} ${tables.join(',')} ${text}`, '', () => checkQuery(session, text, field, tables, functions));
  return {
    checkExpression: async (text, field) => void (await expression(text, field)),
    checkQuery: async (text, field, tables) => (await query(text, field, tables)).parameters,
    judge: ({ kind, text, field, tables }) => (kind === 'query' ? query(text, field, tables ?? []) : expression(text, field)),
  };
}
