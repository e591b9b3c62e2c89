import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import type { NodeSpec } from '#shared/node-spec';
import type { Run } from '#shared/run/run';
import { specTable } from '#shared/workflow/graph';
import type { Workflow } from '#shared/workflow/workflow';
import type { NodeProgress } from '#shared/contract/runs';
import { useText } from '../i18n/use-text.ts';
import { nothing } from '../stores/edit/selection.ts';
import { createLive } from '../stores/live.ts';
import { createProblems } from '../stores/problems.ts';
import { FirstView } from './first-view.tsx';
import { createElements } from './flow-elements.ts';
import { FlowEdge } from './flow-edge.tsx';
import { FrameCard } from './frame-card.tsx';
import { GraphContext, useCanvasLabels } from './graph-context.ts';
import { StepCard } from './step-card.tsx';
import { words } from './words.ts';
import './canvas.css';

export const nodeTypes = { step: StepCard, note: FrameCard, group: FrameCard };
export const edgeTypes = { flow: FlowEdge };
const still = new Map<string, never>();

interface RunGraphProps {
  readonly workflow: Workflow;
  readonly specs: readonly NodeSpec[];
  /** The run that colours the graph; null leaves it plain. */
  readonly run: Run | null;
  readonly progress?: Readonly<Record<string, NodeProgress>>;
  readonly fractions?: Readonly<Record<string, number>>;
  readonly selected?: string | null;
  readonly onSelect?: (node: string | null) => void;
}

/** A workflow that is looked at, not edited: coloured by a run's state at any moment. Fills its parent. */
export function RunGraph({ workflow, specs, run, progress, fractions, selected = null, onSelect }: RunGraphProps) {
  const { t, pick } = useText();
  const labels = useCanvasLabels(true);
  const table = useMemo(() => specTable(specs), [specs]);
  const [live] = useState(createLive);
  const [problems] = useState(createProblems);
  const elements = useMemo(() => createElements(table, pick), [table, pick]);
  const graph = useMemo(() => ({ specs: table, live, problems, readOnly: true }), [table, live, problems]);
  useEffect(() => live.setState({ run, progress: progress ?? {}, fractions: fractions ?? {} }), [live, run, progress, fractions]);
  const selection = useMemo(() => ({ ...nothing, nodes: new Set(selected === null ? [] : [selected]) }), [selected]);
  const nodes = useMemo(() => elements.nodes(workflow, selection, still), [elements, workflow, selection]);
  const edges = useMemo(() => elements.edges(workflow, nothing), [elements, workflow]);
  return (
    <GraphContext value={graph}>
      <ReactFlowProvider>
        <ReactFlow
          aria-label={t(words.canvas)}
          ariaLabelConfig={labels}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          elementsSelectable
          onlyRenderVisibleElements
          minZoom={0.08}
          maxZoom={2}
          panOnScroll
          deleteKeyCode={null}
          onNodeClick={(_event, node) => (node.type === 'step' ? onSelect?.(node.id) : undefined)}
          onPaneClick={() => onSelect?.(null)}
          proOptions={{ hideAttribution: true }}
        >
          <FirstView nodes={nodes} follows />
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--line-strong)" />
        </ReactFlow>
      </ReactFlowProvider>
    </GraphContext>
  );
}
