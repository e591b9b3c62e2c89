import { rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { column as named, failed } from '../sql.ts';
import { filesIn, movesOf, truePath, within } from './moves.ts';
import { spec } from './spec.ts';
import { present, proofOf, syncFolder, transfer } from './transfer.ts';
import type { Move, Rules } from './transfer.ts';

interface Config extends Rules {
  readonly source?: string;
  readonly column?: string;
  readonly target: string;
}

/** Files named in the console; the rest are counted only. */
const NAMED = 100;

function pathColumn(columns: readonly Column[], chosen: string | undefined): number {
  if (chosen !== undefined) return columns.indexOf(named(columns, chosen, 'column'));
  for (const usual of ['path', 'file', 'value']) {
    const at = columns.findIndex((one) => one.name.toLowerCase() === usual);
    if (at >= 0) return at;
  }
  if (columns.length === 1) return 0;
  throw failed('column', 'None of the input’s columns is called path, file or value.', `Choose the column that holds the paths: ${columns.slice(0, 20).map((one) => one.name).join(', ')}.`);
}

/** What a source means; nothing where an earlier attempt of this run has moved it already. */
async function listedMoves(source: string, target: string, intoFolder: boolean, config: Config, context: StreamContext): Promise<Awaited<ReturnType<typeof movesOf>>> {
  try {
    return await movesOf(source, target, intoFolder);
  } catch (thrown) {
    const moved = config.mode === 'move' && context.attempt > 1 && ((await present(source)) === undefined);
    if (!moved || (await present(intoFolder && config.source === undefined ? join(target, basename(source)) : target)) === undefined) throw thrown;
    context.console(`moved before: ${source}`);
    return { moves: [] };
  }
}

/** The moves that the rows ask for, each as its row arrives. A NULL is passed over. */
async function* fromRows(input: AsyncIterable<Batch>, config: Config, context: StreamContext, seen: { rows: number }): AsyncGenerator<Move> {
  for await (const { columns, rows } of input) {
    if (columns.length === 0) continue;
    const at = pathColumn(columns, config.column);
    seen.rows += rows.length;
    for (const row of rows) {
      const path = row[at];
      if (typeof path === 'string') yield* (await listedMoves(context.resolve(path), context.resolve(config.target), true, config, context)).moves;
      else if (path !== null && path !== undefined) throw failed('column', `The column “${columns[at]?.name ?? ''}” is ${columns[at]?.type ?? ''}, not text.`, 'Choose the column that holds the paths.');
      else context.report('rows without a path', 1);
    }
  }
}

/** Removes from the target what the source folder does not have. */
async function mirror(folder: string, target: string, context: StreamContext): Promise<void> {
  if (within(await truePath(folder), await truePath(target))) throw failed('target', 'The source lies in the target: mirroring would remove it.', 'Choose another target.');
  if ((await present(target)) === undefined) return;
  const wanted = new Set(await filesIn(folder));
  if (wanted.size === 0) throw failed('source', 'The source folder is empty: mirroring it would remove every file of the target.', 'Check the source; remove the target’s files by hand if that is meant.');
  for (const name of await filesIn(target)) {
    if (wanted.has(name)) continue;
    context.signal.throwIfAborted();
    await rm(join(target, name));
    context.report('removed', 1);
    context.console(`removed ${name}`);
  }
}

async function run(config: Config, input: AsyncIterable<Batch> | null, context: StreamContext): Promise<void> {
  const target = context.resolve(config.target);
  if (input !== null && config.source !== undefined) throw failed('source', 'The paths come from the rows and from “From” at once.', 'Empty “From”, or take the edge away.');
  if (input === null && config.source === undefined) throw failed('source', 'Nothing says which files to transfer.', 'Fill in “From”, or connect a node whose rows hold paths.');
  const intoFolder = /[\\/]$/.test(config.target);
  const listed = config.source === undefined ? undefined : await listedMoves(context.resolve(config.source), target, intoFolder, config, context);
  if (config.mode === 'sync' && listed?.folder === undefined) throw failed('mode', 'Only a folder can be mirrored.', 'Name a folder under “From”, or choose Copy.');
  if (config.mode === 'sync' && listed?.folder !== undefined && within(await truePath(listed.folder), await truePath(target))) throw failed('target', 'The source lies in the target: mirroring would remove it.', 'Choose another target.');
  if (config.mode === 'sync' && within(await truePath(homedir()), await truePath(target))) throw failed('target', 'Mirroring would remove all files of the home folder or of the disk.', 'Choose a folder of its own as the target.');
  // Where the target's own folders are links that lead elsewhere, nothing is written there.
  const top = await truePath(target);
  const stays = async ({ to }: Move): Promise<boolean> => to === target || within(await truePath(dirname(to)), top);
  const taken = new Map<string, string>();
  let told = 0;
  const seen = { rows: 0 };
  const asked = listed?.moves ?? fromRows(input ?? nothing(), config, context, seen);
  const touched = new Set<string>();
  for await (const move of config.mode === 'move' ? await announced(asked, target, context, seen) : asked) {
    const other = taken.get(move.to);
    if (other !== undefined && other !== move.from) throw new StudioError('node_failed', `Two files would get the name ${move.to}: ${other} and ${move.from}.`, { place: 'target', remedy: 'Transfer them to different folders, or name a folder or pattern under “From”, which keeps the folders.' });
    taken.set(move.to, move.from);
    if (!(await stays(move))) throw new StudioError('io', 'A link in the target leads out of it.', { place: move.to, remedy: 'Remove the link, or name the folder that it leads to as the target.' });
    touched.add(dirname(move.to));
    const bytes = await stat(move.from).then((stats) => stats.size, () => 0);
    const outcome = await transfer(move, config, context.signal);
    context.report(outcome, 1);
    if (outcome !== 'skipped') context.report('bytes', bytes);
    told += 1;
    if (told <= NAMED) context.console(`${outcome} ${move.from} → ${move.to}`);
  }
  for (const folder of touched) await syncFolder(folder);
  if (told > NAMED) context.console(`… and ${(told - NAMED).toLocaleString('en')} more files`);
  if (config.mode === 'sync' && listed?.folder !== undefined) await mirror(listed.folder, target, context);
}

/** Moves are announced, because they can't be done again: the files are gone from where they were. The last one of them tells whether all were moved. */
async function announced(asked: Iterable<Move> | AsyncIterable<Move>, target: string, context: StreamContext, seen: { readonly rows: number }): Promise<readonly Move[]> {
  const moves: Move[] = [];
  for await (const move of asked) moves.push(move);
  const last = moves.at(-1);
  if (last === undefined) return moves;
  const proof = await proofOf(last);
  await context.intend({ what: `${moves.length.toLocaleString('en')} ${moves.length === 1 ? 'file' : 'files'} would be moved to ${target}`, rows: seen.rows, ...(proof === null ? {} : { proof }) });
  return moves;
}

async function* nothing(): AsyncGenerator<Batch> {
  yield* [];
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  // What was moved is not there to be moved again.
  repeatable: ({ mode }) => mode !== 'move',
  files: ({ source, target }, context) => ({ ...(source === undefined ? {} : { reads: [context.resolve(source)] }), writes: [context.resolve(target)] }),
  check: ({ source, mode, target }) => [
    ...(source !== undefined && source === target ? [{ field: 'target', message: 'The source and the target are the same.', remedy: 'Choose another target.' }] : []),
    ...(mode === 'sync' && source === undefined ? [{ field: 'source', message: 'Only a folder can be mirrored.', remedy: 'Name a folder under “From”, or choose Copy.' }] : []),
  ],
  async *stream(config, input, context) {
    await run(config, input, context);
    yield* [];
  },
});
