import { StudioError } from '#shared/errors';
import { localPlace } from '../../connectors/files/local.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { failed } from '../sql.ts';
import { partHead, transferBetween } from './between.ts';
import type { Ends } from './between.ts';
import { openEnds, readsHere, writesHere } from './ends.ts';
import type { Direction, Opened } from './ends.ts';
import { filesIn, movesOf, within } from './moves.ts';
import { pathsOf } from './rows.ts';
import { spec } from './spec.ts';
import { isPart, proofOf, transfer } from './transfer.ts';
import type { Move, Outcome, Rules } from './transfer.ts';

interface Config extends Rules {
  readonly source?: string;
  readonly column?: string;
  readonly target: string;
  readonly direction: Direction;
  readonly connection?: string;
}

type Listed = Awaited<ReturnType<typeof movesOf>>;

/** Files named in the console; the rest are counted only. */
const NAMED = 100;
/** Files under way at once where a server is one of the ends: most of the time of a small one is waiting for answers. */
const AT_ONCE = 8;

/** What a source means; nothing where an earlier attempt of this run has moved it already. */
async function listedMoves(source: string, target: string, intoFolder: boolean, config: Config, context: StreamContext, ends: Ends): Promise<Listed> {
  try {
    return await movesOf(source, target, intoFolder, ends);
  } catch (thrown) {
    const moved = config.mode === 'move' && context.attempt > 1 && (await ends.from.info(source)) === undefined;
    const place = intoFolder && config.source === undefined ? ends.to.paths.join(target, ends.from.paths.basename(source)) : target;
    if (!moved || (await ends.to.info(place)) === undefined) throw thrown;
    context.console(`moved before: ${ends.from.shown(source)}`);
    return { moves: [] };
  }
}

/** The moves that the rows ask for, each as its row arrives. */
async function* fromRows(input: AsyncIterable<Batch>, config: Config, context: StreamContext, ends: Opened, seen: { rows: number }): AsyncGenerator<Move> {
  for await (const path of pathsOf(input, config.column, context, seen)) yield* (await listedMoves(ends.source(path), ends.target(config.target), true, config, context, ends)).moves;
}

/** Is what would be mirrored in the target itself? Then mirroring would remove it. */
const liesInTarget = async (folder: string, target: string, { from, to }: Ends): Promise<boolean> => from === to && within(await from.truePath(folder), await to.truePath(target), to);

/** Removes from the target what the source folder does not have. */
async function mirror(folder: string, target: string, context: StreamContext, ends: Ends): Promise<void> {
  const { from, to } = ends;
  if (await liesInTarget(folder, target, ends)) throw failed('target', 'The source lies in the target: mirroring would remove it.', 'Choose another target.');
  if ((await to.info(target)) === undefined) return;
  const wanted = new Set((await filesIn(folder, from)).map((name) => to.paths.join(...name.split(from.paths.sep))));
  if (wanted.size === 0) throw failed('source', 'The source folder is empty: mirroring it would remove every file of the target.', 'Check the source; remove the target’s files by hand if that is meant.');
  for (const name of await filesIn(target, to)) {
    if (wanted.has(name)) continue;
    context.signal.throwIfAborted();
    await to.remove(to.paths.join(target, name));
    context.report('removed', 1);
    context.console(`removed ${name}`);
  }
}

/** Removes parts of files that have since been transferred from a source that had changed. */
async function tidy(folder: string, names: ReadonlySet<string>, { to }: Ends): Promise<void> {
  const heads = [...names].map(partHead);
  for (const { name, kind } of await to.entries(folder)) if (kind === 'file' && isPart(name) && heads.some((head) => name.startsWith(head))) await to.remove(to.paths.join(folder, name)).catch(() => undefined);
}

async function one(move: Move, config: Config, context: StreamContext, ends: Ends, signal: AbortSignal): Promise<Outcome> {
  if (ends.from === localPlace && ends.to === localPlace) return transfer(move, config, signal);
  const { outcome, kept } = await transferBetween(move, ends, config, signal);
  if (kept > 0) {
    context.report('bytes continued', kept);
    context.console(`continued ${ends.to.shown(move.to)} after ${kept.toLocaleString('en')} bytes`);
  }
  return outcome;
}

/** Throws for a folder that can't be mirrored there. */
async function checkMirror(folder: string | undefined, target: string, ends: Opened): Promise<void> {
  if (folder === undefined) throw failed('mode', 'Only a folder can be mirrored.', 'Name a folder under “From”, or choose Copy.');
  if (await liesInTarget(folder, target, ends)) throw failed('target', 'The source lies in the target: mirroring would remove it.', 'Choose another target.');
  if (within(await ends.to.truePath(ends.home), await ends.to.truePath(target), ends.to)) throw failed('target', 'Mirroring would remove all files of the home folder or of the disk.', 'Choose a folder of its own as the target.');
}

async function run(config: Config, input: AsyncIterable<Batch> | null, context: StreamContext, ends: Opened): Promise<void> {
  const { from, to } = ends;
  const { paths } = to;
  const target = ends.target(config.target);
  const intoFolder = /[\\/]$/.test(config.target);
  const listed = config.source === undefined ? undefined : await listedMoves(ends.source(config.source), target, intoFolder, config, context, ends);
  if (config.mode === 'sync') await checkMirror(listed?.folder, target, ends);
  // Where the target's own folders are links that lead elsewhere, nothing is written there.
  const top = await to.truePath(target);
  const inside = new Map<string, Promise<boolean>>();
  const stays = (move: Move): boolean | Promise<boolean> => {
    const folder = paths.dirname(move.to);
    if (move.to === target) return true;
    const known = inside.get(folder) ?? to.truePath(folder).then((real) => within(real, top, to));
    inside.set(folder, known);
    return known;
  };
  const taken = new Map<string, string>();
  const touched = new Map<string, Set<string>>();
  const seen = { rows: 0 };
  const asked = listed?.moves ?? fromRows(input ?? nothing(), config, context, ends, seen);
  let told = 0;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const perform = async (move: Move): Promise<void> => {
    const bytes = (await from.info(move.from))?.bytes ?? 0;
    const outcome = await one(move, config, context, ends, signal);
    context.report(outcome, 1);
    if (outcome !== 'skipped') context.report('bytes', bytes);
    told += 1;
    if (told <= NAMED) context.console(`${outcome} ${from.shown(move.from)} → ${to.shown(move.to)}`);
  };
  const most = from === localPlace && to === localPlace ? 1 : AT_ONCE;
  const busy = new Set<Promise<void>>();
  try {
    for await (const move of config.mode === 'move' ? await announced(asked, to.shown(target), context, seen, ends) : asked) {
      const other = taken.get(move.to);
      if (other !== undefined && other !== move.from) throw new StudioError('node_failed', `Two files would get the name ${move.to}: ${other} and ${move.from}.`, { place: 'target', remedy: 'Transfer them to different folders, or name a folder or pattern under “From”, which keeps the folders.' });
      // Named twice, it is transferred once after the other: two at once would write one part.
      if (other !== undefined) await Promise.all(busy);
      taken.set(move.to, move.from);
      if (!(await stays(move))) throw new StudioError('io', 'A link in the target leads out of it.', { place: to.shown(move.to), remedy: 'Remove the link, or name the folder that it leads to as the target.' });
      const folder = paths.dirname(move.to);
      touched.set(folder, (touched.get(folder) ?? new Set()).add(paths.basename(move.to)));
      const work = perform(move);
      work.catch(() => undefined);
      const entry: Promise<void> = work.then(() => void busy.delete(entry));
      entry.catch(() => undefined);
      busy.add(entry);
      if (busy.size >= most) await Promise.race(busy);
    }
    await Promise.all(busy);
  } catch (error) {
    // One that fails stops the others, and nothing goes on behind its back.
    stop.abort(error);
    await Promise.allSettled(busy);
    throw error;
  }
  for (const [folder, names] of touched) {
    await to.syncFolder(folder);
    if (most > 1 && (await to.info(folder)) !== undefined) await tidy(folder, names, ends);
  }
  if (told > NAMED) context.console(`… and ${(told - NAMED).toLocaleString('en')} more files`);
  if (config.mode === 'sync' && listed?.folder !== undefined) await mirror(listed.folder, target, context, ends);
}

/** Moves are announced, because they can't be done again: the files are gone from where they were. The last one of them tells whether all were moved. */
async function announced(asked: Iterable<Move> | AsyncIterable<Move>, target: string, context: StreamContext, seen: { readonly rows: number }, { from, to }: Ends): Promise<readonly Move[]> {
  const moves: Move[] = [];
  for await (const move of asked) moves.push(move);
  const last = moves.at(-1);
  if (last === undefined) return moves;
  const proof = from === localPlace && to === localPlace ? await proofOf(last) : null;
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
  files: ({ source, target, direction }, context) => ({ ...(source === undefined || !readsHere(direction) ? {} : { reads: [context.resolve(source)] }), ...(writesHere(direction) ? { writes: [context.resolve(target)] } : {}) }),
  check: ({ source, mode, target, direction }) => [
    ...(source !== undefined && source === target && (direction === 'local' || direction === 'remote') ? [{ field: 'target', message: 'The source and the target are the same.', remedy: 'Choose another target.' }] : []),
    ...(mode === 'sync' && source === undefined ? [{ field: 'source', message: 'Only a folder can be mirrored.', remedy: 'Name a folder under “From”, or choose Copy.' }] : []),
  ],
  async *stream(config, input, context) {
    if (input !== null && config.source !== undefined) throw failed('source', 'The paths come from the rows and from “From” at once.', 'Empty “From”, or take the edge away.');
    if (input === null && config.source === undefined) throw failed('source', 'Nothing says which files to transfer.', 'Fill in “From”, or connect a node whose rows hold paths.');
    const ends = await openEnds(config, context);
    try {
      await run(config, input, context, ends);
    } finally {
      ends.close();
    }
    yield* [];
  },
});
