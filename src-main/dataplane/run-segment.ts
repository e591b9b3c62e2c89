import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import { ERROR_PORT } from '#shared/workflow/graph';
import type { Segment } from '../engine/plan.ts';
import { Blamed, compileSegment, lastOf, outputOf, shortLineage } from './compile.ts';
import type { Compiled } from './compile.ts';
import { checksOf } from './context.ts';
import { culprit } from './culprit.ts';
import type { Turn } from './effects.ts';
import type { Ended } from './ended.ts';
import { toNobody, toSink, toTables } from './ends.ts';
import { inputOf, noFailures } from './error-port.ts';
import { keepRows } from './kept.ts';
import { segmentKey } from './keys.ts';
import type { KeyPlace } from './keys.ts';
import { tableKey } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { watchProgress } from './progress.ts';
import type { NodeResult, Output, Send } from './protocol.ts';
import { resultsOf } from './results.ts';
import { interruptible, runProfiled, throwIfCancelled } from './statements.ts';
import { steadyNodes } from './steady.ts';
import { runStream } from './stream-segment.ts';
import { dropTables, keep } from './tables.ts';
import { splitTried, tryingOf } from './tried.ts';

/** What a segment leaves behind: the counts of its nodes, the files it has put under their names, and what sampling needs. */
export interface SegmentResult {
  readonly nodes: readonly NodeResult[];
  readonly outputs: readonly Output[];
  readonly compiled: Compiled;
}

async function end(run: OpenRun, compiled: Compiled, turn: Turn): Promise<Ended> {
  const { end: how, diverts } = compiled.segment;
  const last = lastOf(compiled);
  const ports = how.kind === 'discard' ? [] : how.ports.filter((port) => port !== ERROR_PORT || last.description?.outputs?.[port] !== undefined);
  if (last.description === null) return runStream(run, compiled, ports, turn, (port, table) => keep(run, compiled, last, port, table));
  if (how.kind === 'sink') return toSink(run, compiled, turn);
  const trying = diverts ? await tryingOf(run, last) : null;
  if (trying !== null) return splitTried(run, compiled, trying);
  return ports.length === 0 ? toNobody(run, compiled) : toTables(run, compiled, ports);
}

/** Whatever has a port `error` gives it: of a node that has not failed, without rows unless they fail one by one. */
async function giveErrorPort(run: OpenRun, compiled: Compiled): Promise<void> {
  const last = lastOf(compiled);
  const key = tableKey(last.node, ERROR_PORT);
  if (!compiled.segment.diverts || run.tables.has(key)) return;
  const sql = `(${noFailures(inputOf(last.inputs))})`;
  run.store(key, { sql, columns: await run.session.columns(`SELECT * FROM ${sql}`), rows: 0, lineage: shortLineage(`${compiled.lineage}\n${ERROR_PORT}`) });
}

/** The ports of a checkpoint, as files that outlast the process. */
async function commitKept(run: OpenRun, compiled: Compiled): Promise<readonly Output[]> {
  const { node } = lastOf(compiled);
  const outputs: Output[] = [];
  for (const port of compiled.segment.keeps) {
    const table = run.tables.get(tableKey(node, port));
    if (table === undefined) throw new StudioError('internal', `The node gives nothing at its port “${port}”.`);
    const { hash, bytes } = await interruptible(run, () => keepRows(run.session, table.sql, run.job.outputs, run.abort.signal));
    outputs.push({ node, path: null, port, hash, rows: table.rows, bytes });
  }
  return outputs;
}

/**
 * What a source gives by its further ports it finds while it reads for its first: when nobody takes that one, it is read all the same.
 * Answers the rows of the first port then.
 */
async function readFirstPort(run: OpenRun, compiled: Compiled): Promise<Readonly<Record<string, number>>> {
  const { end: how } = compiled.segment;
  const [first] = compiled.steps;
  const [main, ...further] = first?.implementation.spec.outputs.map((output) => output.name) ?? [];
  if (first?.fusing !== 'source' || main === undefined || further.length === 0) return {};
  const taken = first.port !== null ? [first.port] : how.kind === 'table' ? how.ports : [main];
  const select = outputOf(first, main);
  if (taken.includes(main) || select === null) return {};
  return { [main]: (await runProfiled(run, compiled, select)).at(-2)?.rows ?? 0 };
}

/** Looking at files may take its time, and a cancel is not to wait for it. */
async function compileInterruptibly(run: OpenRun, segment: Segment, steady: ReadonlySet<NodeId>): Promise<Compiled> {
  const interrupt = (): void => run.session.connection.interrupt();
  run.interrupts.add(interrupt);
  try {
    throwIfCancelled(run);
    const compiled = await compileSegment(run, segment, steady);
    throwIfCancelled(run);
    return compiled;
  } catch (error) {
    if (run.abort.signal.aborted) throw new Blamed(segment.end.node, run.abort.signal.reason);
    throw error;
  } finally {
    run.interrupts.delete(interrupt);
  }
}

/**
 * Runs one segment as one statement (or one JavaScript node with the statement that feeds it). Throws Blamed: the failure and the node
 * it is laid to. Whatever fails or is cancelled leaves no file and no table.
 */
export async function runSegment(run: OpenRun, segment: Segment, attempt: number, send: Send): Promise<SegmentResult> {
  const startedAt = performance.now();
  const steady = await steadyNodes(run.index, run.registry, segment.nodes, checksOf(run.session, run.context.memory).judge, run.abort.signal);
  const place: KeyPlace = { ...run.context, index: run.index, registry: run.registry, steady };
  const keyNow = (): string | null => segmentKey(place, segment, (node) => run.keys.get(node) ?? null);
  const keyBefore = keyNow();
  run.diverted.delete(segment.end.node);
  run.forget(tableKey(segment.end.node, ERROR_PORT));
  const compiled = await compileInterruptibly(run, segment, steady);
  const last = lastOf(compiled);
  for (const step of compiled.steps)
    if (step.description?.notices !== undefined && step.description.notices.length > 0) send({ kind: 'console', runId: run.job.runId, node: step.node, lines: step.description.notices });
  const unwatch = last.description === null ? () => undefined : watchProgress(run, compiled, send);
  try {
    await run.session.setCountable(!compiled.steps.some((step) => step.fusing === 'query'));
    const besides = await readFirstPort(run, compiled);
    const ended = await end(run, compiled, { segment: segment.id, attempt, send, counted: (counts) => resultsOf(run, compiled, { counts, rowsOut: {} }, { besides, key: null, startedAt }) });
    await giveErrorPort(run, compiled);
    const kept = await commitKept(run, compiled);
    // A file that changed while it was read may have been read as either.
    const key = keyBefore !== null && keyNow() === keyBefore ? keyBefore : null;
    run.keys.set(last.node, key);
    const nodes = await resultsOf(run, compiled, ended, { besides, key, startedAt });
    return { nodes, outputs: [...ended.outputs, ...kept], compiled };
  } catch (error) {
    await dropTables(run, compiled);
    throw error instanceof Blamed ? error : new Blamed(await culprit(run, compiled, error), error);
  } finally {
    unwatch();
  }
}
