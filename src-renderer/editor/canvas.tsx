import { Background, BackgroundVariant, ConnectionMode, MiniMap, ReactFlow, SelectionMode } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Position } from '#shared/workflow/workflow';
import { ConnectionHint } from '../canvas/connection-hint.tsx';
import { FirstView } from '../canvas/first-view.tsx';
import { createElements, NOTE_PREFIX } from '../canvas/flow-elements.ts';
import type { CanvasNode, FlowEdge } from '../canvas/flow-elements.ts';
import { GraphContext, useCanvasLabels } from '../canvas/graph-context.ts';
import type { Graph } from '../canvas/graph-context.ts';
import { edgeTypes, nodeTypes } from '../canvas/run-graph.tsx';
import { words as canvasWords } from '../canvas/words.ts';
import { useText } from '../i18n/use-text.ts';
import { connect, move, patchNote, reconnect } from '../stores/edit/change.ts';
import { nodeById, outputsOf } from '../stores/edit/ports.ts';
import { whyNot } from '../stores/edit/why-not.ts';
import { leadTo, showPanel } from '../stores/view.ts';
import { asConnection, begin, cargoOf, commitDrag, connectEnd, edgeAt, keepPointer, markDrop, selectFromEdges, selectFromNodes, unmoved } from './canvas-events.ts';
import type { Moved } from './canvas-events.ts';
import { CanvasControls } from './canvas-controls.tsx';
import { CanvasMenu } from './canvas-menu.tsx';
import { draggedSpec } from './dragged-spec.ts';
import { add } from './edit-actions.ts';
import { EmptyCanvas } from './empty-canvas.tsx';
import { change, useDocument, useSession, useView, workflowOf } from './session.ts';
import type { Session } from './session.ts';
import { useCanvasKeys } from './use-canvas-keys.ts';

function graphOf(session: Session): Graph {
  return {
    specs: session.specs,
    live: session.live,
    problems: session.problems,
    readOnly: false,
    onProblem: (node, problem) => leadTo(session.view, node, problem.field ?? null),
    onNoteText: (note, text) => change(session, 'note', (workflow) => patchNote(workflow, note, { text })),
    onNoteSize: (note, box) =>
      change(session, 'note', (workflow) => patchNote(workflow, note, { position: { x: Math.round(box.x), y: Math.round(box.y) }, size: { width: Math.round(box.width), height: Math.round(box.height) } })),
    onEdgeAdd: (edge, screen) => {
      const at = session.flow.current?.screenToFlowPosition(screen);
      if (at !== undefined) session.view.setState({ quickAdd: { at: { x: at.x - 108, y: at.y - 27 }, screen, end: null, edge } });
    },
  };
}

/** Shows what a click means in the Data panel: the node's first output, or the edge's port. */
function showData(session: Session, node: string, port?: string): void {
  const at = nodeById(workflowOf(session), node);
  if (at === null) return;
  session.view.setState({ data: { node, port: port ?? outputsOf(session.specs, at)[0]?.name ?? '' } });
}

/** The canvas a workflow is drawn on: a thin skin over the editing core. */
export function Canvas() {
  const session = useSession();
  const { t, pick } = useText();
  const labels = useCanvasLabels(false);
  const workflow = useDocument((state) => state.workflow);
  const selection = useView((state) => state.selection);
  const minimap = useView((state) => state.minimap);
  const [moved, setMoved] = useState<Moved>(unmoved);
  const cargo = useRef<ReturnType<typeof cargoOf>>(new Map());
  const drop = useRef<string | null>(null);
  const elements = useMemo(() => createElements(session.specs, pick), [session.specs, pick]);
  const graph = useMemo(() => graphOf(session), [session]);
  const nodes = useMemo(() => elements.nodes(workflow, selection, moved), [elements, workflow, selection, moved]);
  const edges = useMemo(() => elements.edges(workflow, selection), [elements, workflow, selection]);
  const onKeyDown = useCanvasKeys(session);

  const onNodesChange = useCallback(
    (changes: Parameters<typeof selectFromNodes>[1]) => {
      selectFromNodes(session, changes);
      const places = changes.flatMap((one): [string, Position][] => (one.type === 'position' && one.position !== undefined && one.dragging === true ? [[one.id, one.position]] : []));
      if (places.length === 0) return;
      setMoved((before) => {
        const next = new Map([...before, ...places]);
        for (const [id, { group, dx, dy }] of cargo.current) {
          const at = next.get(group);
          if (at !== undefined) next.set(id, { x: at.x + dx, y: at.y + dy });
        }
        return next;
      });
    },
    [session],
  );
  const reason = useCallback((connection: ReturnType<typeof asConnection>) => whyNot(workflowOf(session), session.specs, connection), [session]);
  const screenToFlow = (event: { clientX: number; clientY: number }): Position => session.flow.current?.screenToFlowPosition({ x: event.clientX, y: event.clientY }) ?? { x: 0, y: 0 };

  return (
    <GraphContext value={graph}>
      <CanvasMenu>
        <div
          className="relative h-full w-full"
          onKeyDown={onKeyDown}
          onPointerMove={(event) => keepPointer(session, { x: event.clientX, y: event.clientY })}
          onPointerLeave={() => keepPointer(session, null)}
          onDoubleClick={(event) => {
            if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
            const at = screenToFlow(event);
            session.view.setState({ quickAdd: { at: { x: at.x, y: at.y - 27 }, screen: { x: event.clientX, y: event.clientY }, end: null, edge: null } });
          }}
          onDragOver={(event) => {
            if (draggedSpec.current === null) return;
            event.preventDefault();
            event.dataTransfer.dropEffect = 'copy';
            const through = draggedSpec.current.inputs.length > 0 && draggedSpec.current.outputs.length > 0;
            markDrop(through ? edgeAt(event.clientX, event.clientY) : null);
          }}
          onDragLeave={() => markDrop(null)}
          onDrop={(event) => {
            const spec = draggedSpec.current;
            if (spec === null) return;
            event.preventDefault();
            const at = screenToFlow(event);
            const edge = spec.inputs.length > 0 && spec.outputs.length > 0 ? edgeAt(event.clientX, event.clientY) : null;
            markDrop(null);
            add(session, spec, { at: { x: at.x - 108, y: at.y - 27 }, edge });
          }}
        >
          <ReactFlow<CanvasNode, FlowEdge>
            aria-label={t(canvasWords.canvas)}
            ariaLabelConfig={labels}
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            onInit={(flow) => begin(session, flow)}
            onNodesChange={onNodesChange}
            onEdgesChange={(changes) => selectFromEdges(session, changes)}
            onNodeClick={(event, node) => (node.type === 'step' && !event.shiftKey ? showData(session, node.id) : undefined)}
            onNodeDoubleClick={(_event, node) => {
              if (node.type !== 'step') return;
              session.view.setState({ inspectorOpen: true });
              showPanel(session.view, 'data');
            }}
            onEdgeClick={(_event, edge) => showData(session, edge.source, edge.sourceHandle ?? undefined)}
            onEdgeDoubleClick={(event, edge) => graph.onEdgeAdd?.(edge.id, { x: event.clientX, y: event.clientY })}
            onNodeDragStart={(_event, _node, dragged) => (cargo.current = cargoOf(session, dragged))}
            onNodeDrag={(event, node, dragged) => {
              const { edges: all } = workflowOf(session);
              const lone = dragged.length === 1 && node.type === 'step' && !all.some((edge) => edge.source === node.id || edge.target === node.id);
              const point = 'clientX' in event ? event : null;
              drop.current = lone && point !== null ? edgeAt(point.clientX, point.clientY) : null;
              markDrop(drop.current);
            }}
            onNodeDragStop={(_event, _node, dragged) => {
              const places = new Map<string, Position>([...moved, ...dragged.map((node): [string, Position] => [node.id, node.position])]);
              commitDrag(session, places, drop.current);
              setMoved(unmoved);
              markDrop(null);
              drop.current = null;
              cargo.current = new Map();
            }}
            onSelectionDragStart={(_event, dragged) => (cargo.current = cargoOf(session, dragged))}
            onSelectionDragStop={(_event, dragged) => {
              change(session, 'move', (now) => move(now, new Map([...moved, ...dragged.map((node): [string, Position] => [node.id, node.position])].map(([id, at]) => [id.startsWith(NOTE_PREFIX) ? id.slice(NOTE_PREFIX.length) : id, at]))));
              setMoved(unmoved);
            }}
            isValidConnection={(one) => reason(asConnection({ source: one.source, target: one.target, sourceHandle: one.sourceHandle ?? null, targetHandle: one.targetHandle ?? null })) === null}
            onConnect={(one) => change(session, 'connect', (now) => (whyNot(now, session.specs, asConnection(one)) === null ? connect(now, asConnection(one)) : now))}
            onConnectEnd={(event, state) => connectEnd(session, event, state)}
            onReconnect={(edge, one) => change(session, 'reconnect', (now) => (whyNot(now, session.specs, asConnection(one), edge.id) === null ? reconnect(now, edge.id, asConnection(one)) : now))}
            connectionMode={ConnectionMode.Strict}
            connectionRadius={28}
            reconnectRadius={14}
            selectionOnDrag
            selectionMode={SelectionMode.Partial}
            panOnDrag={[1, 2]}
            panOnScroll
            panActivationKeyCode="Space"
            multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
            selectionKeyCode={null}
            zoomOnDoubleClick={false}
            deleteKeyCode={null}
            disableKeyboardA11y
            onlyRenderVisibleElements
            minZoom={0.08}
            maxZoom={2.5}
            snapToGrid
            snapGrid={[4, 4]}
            elevateNodesOnSelect={false}
            proOptions={{ hideAttribution: true }}
          >
            <FirstView nodes={nodes} />
            <Background variant={BackgroundVariant.Dots} gap={20} size={1.3} color="var(--line-strong)" />
            {minimap && workflow.nodes.length > 0 ? <MiniMap<CanvasNode> pannable zoomable style={{ width: 148, height: 96 }} nodeBorderRadius={14} nodeColor={miniColour} /> : null}
          </ReactFlow>
          <ConnectionHint reason={reason} />
          <CanvasControls />
          {workflow.nodes.length === 0 && (workflow.notes ?? []).length === 0 ? <EmptyCanvas /> : null}
        </div>
      </CanvasMenu>
    </GraphContext>
  );
}

const miniColour = (node: CanvasNode): string => (node.type === 'step' ? `var(--${node.data.node.type})` : 'var(--active)');
