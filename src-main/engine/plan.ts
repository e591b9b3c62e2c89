import type { NodeId } from '#shared/ids';

/** What the planner has to know of a node; see src-main/nodes/define.ts for what each word means. */
export type Fusing = 'source' | 'rows' | 'filter' | 'reshape' | 'query' | 'sink' | 'stream';

/** What becomes of a segment's rows. */
export type SegmentEnd =
  /** Kept as a table of the run: several consumers, a reshaped output, or input of a person's query. `ports` are those consumed. */
  | { readonly kind: 'table'; readonly node: NodeId; readonly ports: readonly string[] }
  /** A describing sink writes them. */
  | { readonly kind: 'sink'; readonly node: NodeId }
  /** A JavaScript node takes them batch by batch; `ports` it fills are kept as tables. */
  | { readonly kind: 'stream'; readonly node: NodeId; readonly ports: readonly string[] }
  /** Nobody takes them: they are counted and looked at. */
  | { readonly kind: 'discard'; readonly node: NodeId };

/** One query (or one JavaScript node with the query that feeds it). Every node of the workflow is in exactly one segment. */
export interface Segment {
  readonly id: string;
  /** In topological order; the last one is the end's node. */
  readonly nodes: readonly NodeId[];
  /** Segments whose tables it reads. */
  readonly needs: readonly string[];
  readonly end: SegmentEnd;
}

export interface Plan {
  readonly segments: readonly Segment[];
  /** Nodes left out of this run, with the reason. */
  readonly skipped: readonly { readonly node: NodeId; readonly reason: 'disabled' | 'outOfScope' }[];
}
