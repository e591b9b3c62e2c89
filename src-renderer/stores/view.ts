import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Position } from '#shared/workflow/workflow';
import type { OpenEnd } from './edit/insert.ts';
import { nothing } from './edit/selection.ts';
import type { Selection } from './edit/selection.ts';

export const PANEL_TABS = ['data', 'timeline', 'console', 'problems'] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

/** What the Data panel shows: an output port of a node. */
export interface DataTarget {
  readonly node: string;
  readonly port: string;
}

/** Where quick-add stands open: a place on the canvas, and the dragged end or the edge it is for. */
export interface QuickAdd {
  readonly at: Position;
  readonly screen: Position;
  readonly end: OpenEnd | null;
  readonly edge: string | null;
}

/** What a person is looking at: not part of the document, not undone. */
export interface ViewState {
  readonly selection: Selection;
  readonly panel: { readonly open: boolean; readonly tab: PanelTab };
  readonly paletteOpen: boolean;
  readonly inspectorOpen: boolean;
  readonly data: DataTarget | null;
  readonly quickAdd: QuickAdd | null;
  readonly finding: boolean;
  readonly minimap: boolean;
  /** A field to lead the eye to, and how often it was asked for. */
  readonly focus: { readonly node: string; readonly field: string | null; readonly count: number } | null;
  /** The form of the workflow's schedules stands in the inspector's place: which of them by number, and a field to lead the eye to. */
  readonly schedule: { readonly index: number; readonly field: string | null; readonly count: number } | null;
}
export type View = StoreApi<ViewState>;

const KEY = 'millrace:editor-view';
type Kept = Pick<ViewState, 'panel' | 'paletteOpen' | 'inspectorOpen' | 'minimap'>;
const usual: Kept = { panel: { open: true, tab: 'data' }, paletteOpen: true, inspectorOpen: true, minimap: true };

function kept(): Kept {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
  } catch {
    return usual;
  }
}

/** Opens the view as it was left: panel, palette and inspector are remembered by this window. */
export function createView(): View {
  const view = createStore<ViewState>(() => ({ ...kept(), selection: nothing, data: null, quickAdd: null, finding: false, focus: null, schedule: null }));
  view.subscribe(({ panel, paletteOpen, inspectorOpen, minimap }, before) => {
    if (panel === before.panel && paletteOpen === before.paletteOpen && inspectorOpen === before.inspectorOpen && minimap === before.minimap) return;
    localStorage.setItem(KEY, JSON.stringify({ panel, paletteOpen, inspectorOpen, minimap }));
  });
  return view;
}

/** Selects these nodes (and notes) and nothing else. */
export const select = (view: View, nodes: Iterable<string>, notes: Iterable<string> = [], edges: Iterable<string> = []): void =>
  view.setState({ selection: { nodes: new Set(nodes), edges: new Set(edges), notes: new Set(notes) } });

/** Opens the bottom panel at a tab. */
export const showPanel = (view: View, tab: PanelTab): void => view.setState((state) => ({ panel: { ...state.panel, open: true, tab } }));

/** Leads to a node and, in its form, to a field. */
export function leadTo(view: View, node: string, field: string | null): void {
  select(view, [node]);
  view.setState((state) => ({ inspectorOpen: true, focus: { node, field, count: (state.focus?.count ?? 0) + 1 } }));
}

/** Opens the form of the workflow's schedules, at one of them and a field of it. */
export const openSchedule = (view: View, index = 0, field: string | null = null): void => view.setState((state) => ({ schedule: { index, field, count: (state.schedule?.count ?? 0) + 1 } }));
/** Gives the inspector its place back. */
export const closeSchedule = (view: View): void => view.setState({ schedule: null });
