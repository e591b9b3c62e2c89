import type { NodeSpec } from '#shared/node-spec';

/** The node type being dragged from the palette: the browser hides a drag's data until it is dropped. */
export const draggedSpec: { current: NodeSpec | null } = { current: null };
