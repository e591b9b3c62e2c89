import type { RowDifference } from '#shared/contract/runs';
import { toErrorInfo } from '#shared/errors';
import type { StudioEvent } from '#shared/events';
import type { NodeId, RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { sampleDifference } from '../../api/difference.ts';
import type { Studio } from '../../studio-types.ts';
import { openStudio } from './open-studio.ts';
import type { StudioPlace } from './open-studio.ts';
import { DONE, duration, number, printJson, table } from './output.ts';
import { rowsOutOf } from './run-report.ts';
import { sampleIn, shownRun } from './shown-run.ts';
import type { Shown } from './shown-run.ts';

interface NodeSide {
  readonly status: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly durationMs: number | null;
  readonly attempts: number;
}

interface PortDifference extends Pick<RowDifference, 'basis' | 'leftRows' | 'rightRows' | 'same' | 'onlyLeft' | 'onlyRight'> {
  readonly node: string;
  readonly port: string;
}

function nodeSides(run: Run): (id: string) => NodeSide | null {
  const rowsOut = rowsOutOf(run);
  return (id) => {
    const node = run.nodes[id];
    return node === undefined ? null : { status: node.status, rowsIn: node.rowsIn, rowsOut: rowsOut(node), durationMs: node.durationMs, attempts: node.attempts.length };
  };
}

const cells = (side: NodeSide | null): readonly string[] => (side === null ? ['–', '', '', ''] : [side.status, number(side.rowsIn), number(side.rowsOut), duration(side.durationMs)]);

const countsOf = (events: readonly StudioEvent[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};

const sideOf = ({ state, events }: Shown) => ({ runId: state.id, workflowName: state.workflowName, revision: state.revision, status: state.status, durationMs: state.durationMs, events: events.length, eventTypes: countsOf(events), error: state.error });

/** Outputs that both runs have rows of. */
const portsOf = (left: Run, right: Run): readonly { readonly node: NodeId; readonly port: string }[] =>
  Object.values(left.nodes).flatMap(({ id, rowsOut }) => Object.keys(rowsOut).filter((port) => Object.hasOwn(right.nodes[id]?.rowsOut ?? {}, port)).map((port) => ({ node: id, port })));

/** Looks for rows that two runs do not share, output by output: whole outputs where a studio can be opened and both were kept, else samples. */
async function differences(place: StudioPlace, left: Shown, right: Shown): Promise<readonly PortDifference[]> {
  const studio = left.opened || right.opened ? null : await studioIfFree(place);
  try {
    const found: PortDifference[] = [];
    for (const { node, port } of portsOf(left.state, right.state)) {
      const difference = studio === null ? await ofSamples(place.dataDir, left, right, node, port) : await ofStudio(studio, left.state.id, right.state.id, node, port);
      if (difference === null) continue;
      const { basis, leftRows, rightRows, same, onlyLeft, onlyRight } = difference;
      found.push({ node, port, basis, leftRows, rightRows, same, onlyLeft, onlyRight });
    }
    return found;
  } finally {
    await studio?.close();
  }
}

/** Null while somebody else has the data folder, or where it can only be read. */
async function studioIfFree(place: StudioPlace): Promise<Studio | null> {
  try {
    return await openStudio(place, false, 0, 0);
  } catch (error) {
    if (['conflict', 'permission', 'read_only'].includes(toErrorInfo(error).code)) return null;
    throw error;
  }
}

/** Null where one of them has no rows to be compared. */
async function ofStudio(studio: Studio, left: RunId, right: RunId, node: NodeId, port: string): Promise<RowDifference | null> {
  try {
    return await studio.executor.difference({ run: left, node, port }, { run: right, node, port }, 1);
  } catch (error) {
    if (toErrorInfo(error).code === 'not_found') return null;
    throw error;
  }
}

async function ofSamples(dataDir: string, left: Shown, right: Shown, node: NodeId, port: string): Promise<RowDifference | null> {
  const [one, other] = await Promise.all([sampleIn(dataDir, left, node, port), sampleIn(dataDir, right, node, port)]);
  return one === null || other === null ? null : sampleDifference(one, other, 1);
}

/** Two runs side by side: how they ended, how long they took, their events, their nodes, and the rows that they do not share. */
export async function compare(left: string, right: string, { json, ...place }: StudioPlace & { readonly json: boolean }): Promise<number> {
  const [one, other] = [await shownRun(place.dataDir, left), await shownRun(place.dataDir, right)];
  const ids = [...new Set([...Object.keys(one.state.nodes), ...Object.keys(other.state.nodes)])];
  const [ofLeft, ofRight] = [nodeSides(one.state), nodeSides(other.state)];
  const nodes = ids.map((id) => ({ id, left: ofLeft(id), right: ofRight(id) }));
  const rows = await differences(place, one, other);
  if (json) {
    printJson({ left: sideOf(one), right: sideOf(other), nodes, rows });
    return DONE;
  }
  const sides = [sideOf(one), sideOf(other)] as const;
  const pair = (what: string, of: (side: (typeof sides)[number]) => string): readonly string[] => [what, ...sides.map(of)];
  const types = [...new Set(sides.flatMap((side) => Object.keys(side.eventTypes)))].filter((type) => sides[0].eventTypes[type] !== sides[1].eventTypes[type]);
  const head = [pair('workflow', (side) => side.workflowName), pair('status', (side) => side.status), pair('time', (side) => duration(side.durationMs)), pair('events', (side) => number(side.events)), ...types.map((type) => pair(`  ${type}`, (side) => number(side.eventTypes[type] ?? 0)))];
  process.stdout.write(`${table(['', one.state.id, other.state.id], head)}\n`);
  process.stdout.write(`${table(['node', 'status', 'rows in', 'rows out', 'time', 'status', 'rows in', 'rows out', 'time'], nodes.map((node) => [node.id, ...cells(node.left), ...cells(node.right)]), [2, 3, 4, 6, 7, 8])}\n`);
  const differing = rows.map((row) => [row.node, row.port, number(row.same), number(row.onlyLeft), number(row.onlyRight), row.basis === 'samples' ? 'of the rows kept to look at' : '']);
  process.stdout.write(rows.length === 0 ? 'Of no output both runs kept rows.\n' : table(['node', 'port', 'same rows', 'only left', 'only right', ''], differing, [2, 3, 4]));
  return DONE;
}
