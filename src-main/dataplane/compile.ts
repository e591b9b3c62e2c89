import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import type { Segment } from '../engine/plan.ts';
import type { AnyNode, Description, Fusing, Input, Inputs } from '../nodes/define.ts';
import { contextFor } from './context.ts';
import { explainFailure } from './failures.ts';
import { shortHash } from './files.ts';
import { edgesInto, edgesOutOf, implementationOf, nodeOf } from './graph-index.ts';
import { inputsFromTables } from './inputs.ts';
import type { OpenRun } from './open-run.ts';
import { isVolatile, VOLATILE } from './volatile.ts';

/** A node of a segment with what it said it would do. */
export interface Step {
  readonly node: NodeId;
  readonly implementation: AnyNode;
  readonly config: JsonObject;
  readonly fusing: Fusing;
  readonly inputs: Inputs;
  /** Null for a node that runs in JavaScript. */
  readonly description: Description | null;
  /** The port that the next node reads; null for the last. */
  readonly port: string | null;
}

export interface Compiled {
  readonly segment: Segment;
  readonly steps: readonly Step[];
  /** The relation that all rows come from, as it stands in every SELECT of the segment; null for a JavaScript source. */
  readonly origin: string | null;
  /** Rows in `origin` when they are tables of the run. */
  readonly originRows: number | null;
  /** Same lineage, same rows: the texts and file stamps that everything hangs on. */
  readonly lineage: string;
}

/** The step whose rows leave the segment. Throws internal for a segment without nodes. */
export function lastOf(compiled: Compiled): Step {
  const last = compiled.steps.at(-1);
  if (last === undefined) throw new StudioError('internal', `Segment ${compiled.segment.id} has no node.`);
  return last;
}

/** A lineage in a few characters, which still says whether it is volatile. */
export const shortLineage = (lineage: string): string => `${shortHash(lineage)}${isVolatile(lineage) ? VOLATILE : ''}`;

/** A failure and the node it is laid to. */
export class Blamed extends Error {
  readonly node: NodeId;
  readonly error: StudioError;
  constructor(node: NodeId, thrown: unknown) {
    const error = explainFailure(thrown);
    super(error.message);
    this.node = node;
    this.error = error;
  }
}

async function columnsAfter(run: OpenRun, step: Step, select: string): Promise<readonly Column[]> {
  const [input] = Object.values(step.inputs);
  if (step.fusing === 'filter' && input !== undefined) return input.columns;
  return contextFor(run.context, step.node).columns(select);
}

/** Asks each node of the segment what it will do, in order, each with the columns of its input; `steady` ones would give the same again. Throws Blamed. */
export async function compileSegment(run: OpenRun, segment: Segment, steady: ReadonlySet<NodeId>): Promise<Compiled> {
  const steps: Step[] = [];
  let origin: string | null = null;
  let originRows: number | null = null;
  let lineage = run.context.stamp();
  let previous: Input | null = null;
  for (const [index, id] of segment.nodes.entries()) {
    try {
      const node = nodeOf(run.index, id);
      const implementation = implementationOf(run.registry, node);
      const next = segment.nodes[index + 1];
      const leading = next === undefined ? undefined : edgesOutOf(run.index, id).find((edge) => edge.target === next);
      const [arriving] = edgesInto(run.index, id);
      let inputs: Inputs = {};
      if (previous !== null) inputs = { [arriving?.targetPort ?? 'in']: previous };
      else if (arriving !== undefined) {
        const stored = await inputsFromTables(run, id);
        inputs = stored.inputs;
        originRows = stored.rows;
        lineage += `\n${stored.lineage}`;
        origin = Object.values(inputs)[0]?.sql ?? null;
      }
      const description = 'describe' in implementation && implementation.fusing(node.config) !== 'stream' ? await implementation.describe(node.config, inputs, contextFor(run.context, id)) : null;
      const step: Step = { node: id, implementation, config: node.config, fusing: implementation.fusing(node.config), inputs, description, port: leading?.sourcePort ?? null };
      steps.push(step);
      // What runs in JavaScript may give other rows each time, a sink gives none.
      const same = description !== null && (steady.has(id) || description.outputs === undefined);
      lineage += `\n${id} ${JSON.stringify(description?.outputs ?? node.config)}${same ? '' : VOLATILE}`;
      if (step.port === null) break;
      const select = description?.outputs?.[step.port];
      if (select === undefined) throw new StudioError('internal', `The node gives nothing at its port “${step.port}”.`);
      previous = { sql: `(${select})`, columns: await columnsAfter(run, step, select) };
      origin ??= previous.sql;
    } catch (error) {
      throw new Blamed(id, error);
    }
  }
  const [first] = steps;
  if (origin === null && first?.description?.outputs !== undefined) origin = `(${Object.values(first.description.outputs)[0]})`;
  return { segment, steps, origin, originRows, lineage };
}

/** The SELECT of a step's output at `port` (by default the one that is read next, else its first). */
export const outputOf = (step: Step, port: string | null = step.port): string | null =>
  (port === null ? Object.values(step.description?.outputs ?? {})[0] : step.description?.outputs?.[port]) ?? null;

/** The condition of each port of a filter, when its SELECTs have the shape that define.ts promises. */
export function conditionsOf(step: Step): Readonly<Record<string, string>> | null {
  const [input] = Object.values(step.inputs);
  const found: Record<string, string> = {};
  for (const [port, select] of Object.entries(step.description?.outputs ?? {})) {
    const head = `SELECT * FROM ${input?.sql} WHERE `;
    if (!select.startsWith(head)) return null;
    found[port] = select.slice(head.length);
  }
  return found;
}
