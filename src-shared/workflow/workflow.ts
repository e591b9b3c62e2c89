import { z } from 'zod';
import { Column } from '#shared/data';
import { NodeId, WorkflowId } from '#shared/ids';
import { JsonObject } from '#shared/json';
import { NODE_KINDS } from '#shared/node-spec';

/** The number that `migrate` brings older files up to. */
export const FORMAT_VERSION = 1;

export const Position = z.looseObject({ x: z.number(), y: z.number() });
export type Position = z.infer<typeof Position>;

export const Retry = z.looseObject({
  attempts: z.int().min(1).max(100).default(1),
  backoff: z.enum(['constant', 'exponential']).default('exponential'),
  initialMs: z.int().min(0).default(1000),
  maxMs: z.int().min(0).default(60_000),
  jitter: z.number().min(0).max(1).default(0.2),
});
export type Retry = z.infer<typeof Retry>;

/** Rows shown instead of running the node, by output port: values as DuckDB writes them as text, as in a sample. */
export const Pin = z.record(z.string(), z.looseObject({ columns: z.array(Column), rows: z.array(z.array(z.string().nullable())) }));
export type Pin = z.infer<typeof Pin>;

/** A node as it stands in the file. Unknown keys are kept. */
export const WorkflowNode = z.looseObject({
  id: NodeId,
  type: z.enum(NODE_KINDS),
  nodeType: z.string(),
  label: z.string().optional(),
  position: Position.default({ x: 0, y: 0 }),
  config: JsonObject.default({}),
  onError: z.enum(['stop', 'continue', 'errorPort']).optional(),
  retry: Retry.optional(),
  timeoutMs: z.int().positive().optional(),
  disabled: z.boolean().optional(),
  note: z.string().optional(),
  checkpoint: z.boolean().optional(),
  pin: Pin.optional(),
});
export type WorkflowNode = z.infer<typeof WorkflowNode>;

/** Ports left out mean the node's first output and first input. */
export const WorkflowEdge = z.looseObject({
  id: z.string().min(1),
  source: NodeId,
  sourcePort: z.string().optional(),
  target: NodeId,
  targetPort: z.string().optional(),
});
export type WorkflowEdge = z.infer<typeof WorkflowEdge>;

export const WorkflowSettings = z.looseObject({
  /** The most memory a worker may use for this workflow, in MiB; the studio's own setting where it is left out. */
  memoryLimitMb: z.int().min(64).optional(),
  timeoutMs: z.int().positive().optional(),
  /** What becomes of a run that a crash interrupted: go on from what it had committed (the default), ask a person, or end as failed. */
  recovery: z.enum(['resume', 'ask', 'fail']).optional(),
  /** Runs of this workflow at once; the others wait. No limit of its own where it is left out. */
  maxConcurrentRuns: z.int().min(1).max(1000).optional(),
  /** In the queue, higher comes first; 0 where it is left out. */
  priority: z.int().min(-100).max(100).optional(),
});
export type WorkflowSettings = z.infer<typeof WorkflowSettings>;

/** A coloured frame or a note on the canvas; they carry no meaning for a run. */
export const CanvasNote = z.looseObject({
  id: z.string(),
  kind: z.enum(['note', 'group']),
  text: z.string().default(''),
  position: Position,
  size: z.looseObject({ width: z.number(), height: z.number() }),
});
export type CanvasNote = z.infer<typeof CanvasNote>;

/** A workflow file: the seed's shape plus `formatVersion` and `settings`. Keys are written in this order. */
export const Workflow = z.looseObject({
  formatVersion: z.literal(FORMAT_VERSION),
  id: WorkflowId,
  name: z.string().min(1),
  description: z.string().default(''),
  version: z.string().default('1.0.0'),
  author: z.string().default(''),
  tags: z.array(z.string()).default([]),
  settings: WorkflowSettings.default({}),
  nodes: z.array(WorkflowNode),
  edges: z.array(WorkflowEdge),
  notes: z.array(CanvasNote).optional(),
  metadata: JsonObject.default({}),
});
export type Workflow = z.infer<typeof Workflow>;

/** What is wrong, where, and what to do. `node` and `field` lead the window to the place. */
export const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  node: NodeId.optional(),
  /** A path into the config: `columns[2].expression`. */
  field: z.string().optional(),
  edge: z.string().optional(),
  /** What the code's sentence is filled with, so that the window can say it in another language: see problems.ts. */
  params: z.record(z.string(), z.string()).optional(),
});
export type Problem = z.infer<typeof Problem>;
