import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { AriaLabelConfig } from '@xyflow/react';
import type { Problem } from '#shared/workflow/workflow';
import type { Specs } from '../stores/edit/ports.ts';
import { nodeLive } from '../stores/live.ts';
import { useText } from '../i18n/use-text.ts';
import { words } from './words.ts';
import type { Live, NodeLive } from '../stores/live.ts';
import type { Problems } from '../stores/problems.ts';

/** What the cards and edges of one graph share. Stores, so that one node's news draws one card. */
export interface Graph {
  readonly specs: Specs;
  readonly live: Live;
  readonly problems: Problems;
  readonly readOnly: boolean;
  /** Leads from a node's problem badge to the problem. */
  readonly onProblem?: (node: string, problem: Problem) => void;
  readonly onNoteText?: (note: string, text: string) => void;
  readonly onNoteSize?: (note: string, box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }) => void;
  /** Opens quick-add for an edge. */
  readonly onEdgeAdd?: (edge: string, at: { readonly x: number; readonly y: number }) => void;
}

export const GraphContext = createContext<Graph | null>(null);

/** The graph that a card or an edge stands in. */
export function useGraph(): Graph {
  const graph = useContext(GraphContext);
  if (graph === null) throw new Error('A card or an edge stands outside of a graph.');
  return graph;
}

/** What the canvas library tells a screen reader, in the window's language. */
export function useCanvasLabels(readOnly: boolean): Partial<AriaLabelConfig> {
  const { t } = useText();
  return useMemo(
    () => ({ 'node.a11yDescription.default': t(readOnly ? words.nodeHelpStill : words.nodeHelp), 'node.a11yDescription.keyboardDisabled': t(readOnly ? words.nodeHelpStill : words.nodeHelp), 'edge.a11yDescription.default': t(words.edgeHelp), 'minimap.ariaLabel': t(words.minimap) }),
    [t, readOnly],
  );
}

/** A node in the run being watched; null where there is none. */
export const useNodeLive = (node: string): NodeLive | null => useStore(useGraph().live, (state) => nodeLive(state, node));

const none: readonly Problem[] = [];
/** What is wrong with a node. */
export const useNodeProblems = (node: string): readonly Problem[] => useStore(useGraph().problems, (state) => state.byNode.get(node) ?? none);
