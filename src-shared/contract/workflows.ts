import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { Column, ColumnProfile, Sample } from '#shared/data';
import { NodeId, WorkflowId } from '#shared/ids';
import { Json } from '#shared/json';
import { RunRow } from '#shared/contract/runs';
import { Problem, Workflow } from '#shared/workflow/workflow';

/** A line of the library. `problem` is set where the file can't be read as a workflow: it is listed all the same. */
export const LibraryEntry = z.object({
  id: WorkflowId,
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  path: z.string(),
  modifiedAt: z.number(),
  nodes: z.int(),
  hasDraft: z.boolean(),
  /** Newest first, at most 14. */
  lastRuns: z.array(RunRow),
  problem: z.string().nullable(),
});
export type LibraryEntry = z.infer<typeof LibraryEntry>;

/** An opened workflow: the file's content, and the draft that a crash or a closed window left. */
export const OpenedWorkflow = z.object({
  workflow: Workflow,
  /** SHA-256 of the canonical text of the file. */
  revision: z.string(),
  path: z.string(),
  draft: z.object({ workflow: Workflow, baseRevision: z.string(), savedAt: z.number(), history: Json.optional() }).nullable(),
});
export type OpenedWorkflow = z.infer<typeof OpenedWorkflow>;

const byId = z.object({ id: WorkflowId });
const atNode = z.object({ workflow: Workflow, node: NodeId });
const Saved = z.object({ id: WorkflowId, revision: z.string(), path: z.string() });

export const workflowsContract = {
  list: oc.route({ method: 'GET', path: '/workflows', summary: 'The library' }).output(z.array(LibraryEntry)),
  open: oc.route({ method: 'GET', path: '/workflows/{id}', summary: 'A workflow' }).input(byId).output(OpenedWorkflow),
  create: oc
    .route({ method: 'POST', path: '/workflows', summary: 'A new workflow, empty or from a template' })
    .input(z.object({ name: z.string().min(1), template: z.string().optional() }))
    .output(Saved),
  /** Throws conflict when the file changed since `expectedRevision`; null overwrites. */
  save: oc
    .route({ method: 'PUT', path: '/workflows/{id}', summary: 'Write the file' })
    .input(z.object({ id: WorkflowId, workflow: Workflow, expectedRevision: z.string().nullable() }))
    .output(Saved),
  /** A workflow's text, Millrace's own or the seed's. Never overwrites: a taken id gets a new one. */
  import: oc
    .route({ method: 'POST', path: '/workflows/import', summary: 'Import workflow JSON' })
    .input(z.object({ text: z.string(), name: z.string() }))
    .output(Saved.extend({ problems: z.array(Problem) })),
  export: oc.route({ method: 'GET', path: '/workflows/{id}/export', summary: 'The canonical text' }).input(byId).output(z.object({ text: z.string(), fileName: z.string() })),
  delete: oc.route({ method: 'DELETE', path: '/workflows/{id}', summary: 'Delete the file; its runs stay' }).input(byId).output(z.object({})),
  check: oc.route({ method: 'POST', path: '/check', summary: 'Every problem of a workflow' }).input(z.object({ workflow: z.unknown() })).output(z.array(Problem)),
  /** Keeps unsaved work and the undo history. */
  saveDraft: oc
    .route({ method: 'PUT', path: '/workflows/{id}/draft', summary: 'Keep unsaved work' })
    .input(z.object({ id: WorkflowId, workflow: Workflow, baseRevision: z.string(), history: Json.optional() }))
    .output(z.object({})),
  discardDraft: oc.route({ method: 'DELETE', path: '/workflows/{id}/draft', summary: 'Drop unsaved work' }).input(byId).output(z.object({})),
  templates: oc.route({ method: 'GET', path: '/templates', summary: 'Sample workflows' }).output(z.array(z.object({ id: z.string(), name: z.string(), description: z.string(), nodes: z.int() }))),
  /** Files added, changed (from outside too) and removed. */
  changes: oc.route({ method: 'GET', path: '/workflows/changes', summary: 'Watch the library' }).output(eventIterator(z.object({ id: WorkflowId, change: z.enum(['added', 'changed', 'removed']), revision: z.string().nullable() }))),
  /** Columns of every node's outputs, as far as they can be known: node → port → columns. */
  columns: oc
    .route({ method: 'POST', path: '/columns', summary: "Columns of every node's outputs" })
    .input(z.object({ workflow: Workflow }))
    .output(z.record(z.string(), z.record(z.string(), z.array(Column).readonly()))),
  preview: oc
    .route({ method: 'POST', path: '/preview', summary: "First rows of a node's output" })
    .input(atNode.extend({ port: z.string(), limit: z.int().min(1).max(1000).default(1000) }))
    .output(z.object({ sample: Sample, profile: z.array(ColumnProfile) })),
  /** Throws node_failed with the parser's sentence. */
  tryExpression: oc
    .route({ method: 'POST', path: '/expression', summary: 'Try an expression on the first rows' })
    .input(atNode.extend({ text: z.string(), scope: z.enum(['condition', 'scalar', 'query']), limit: z.int().min(1).max(100).default(5) }))
    .output(z.object({ type: z.string(), values: z.array(z.string().nullable()) })),
};
