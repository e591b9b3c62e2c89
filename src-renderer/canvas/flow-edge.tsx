import { BaseEdge, getBezierPath, getSmoothStepPath, useStore as useFlowStore } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { useStore } from 'zustand';
import { useText } from '../i18n/use-text.ts';
import { ERROR_PORT } from '../stores/edit/ports.ts';
import { nodeLive } from '../stores/live.ts';
import { cx } from '../ui/index.ts';
import type { FlowEdge as FlowEdgeType } from './flow-elements.ts';
import { useGraph } from './graph-context.ts';
import { words } from './words.ts';

/** A connection: a curve, the rows that went over it, and a way to insert a node. */
export const FlowEdge = memo(function FlowEdge({ id, source, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected, data }: EdgeProps<FlowEdgeType>) {
  const { t } = useText();
  const graph = useGraph();
  const live = useStore(graph.live, (state) => nodeLive(state, source));
  // Labels smaller than this can't be read, and cost frames.
  const near = useFlowStore((state) => state.transform[2] > 0.45);
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  // An edge that leads back (to the next row of a workflow laid out in rows) goes around its cards, not through them.
  const [path, x, y] = targetX < sourceX ? getSmoothStepPath({ ...ends, borderRadius: 12, offset: 26 }) : getBezierPath({ ...ends, curvature: 0.3 });
  const rows = live === null || live.status === 'pending' || live.status === 'skipped' ? undefined : live.ports[data?.sourcePort ?? 'out'];
  const label = rows === undefined || (rows === 0 && live?.status === 'running') ? null : t(words.rowsOnEdge, rows, live?.estimated ?? false);
  const running = live?.status === 'running';
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={22} className={cx('mr-edge', data?.sourcePort === ERROR_PORT && 'mr-edge-error', running ? 'mr-edge-running' : selected === true && 'mr-edge-selected')} />
      {label === null || !near ? null : (
        <g transform={`translate(${x} ${y})`} pointerEvents="none">
          <rect x={-(label.length * 3.4 + 8)} y={-9} width={label.length * 6.8 + 16} height={18} rx={9} className="mr-edge-label" />
          <text textAnchor="middle" dy="0.34em" className="mr-edge-text">
            {label}
          </text>
        </g>
      )}
      {graph.onEdgeAdd === undefined || !near ? null : (
        <g
          transform={`translate(${x} ${label === null ? y : y + 20})`}
          className="mr-edge-add"
          role="button"
          aria-label={t(words.insertHere)}
          onClick={(event) => {
            event.stopPropagation();
            graph.onEdgeAdd?.(id, { x: event.clientX, y: event.clientY });
          }}
        >
          <title>{t(words.insertHere)}</title>
          <circle r={14} fill="transparent" />
          <circle r={9} className="mr-edge-add-disc" />
          <path d="M-4 0H4M0-4V4" className="mr-edge-add-plus" />
        </g>
      )}
    </>
  );
});
