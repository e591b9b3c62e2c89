import type { RunId } from '#shared/ids';
import { WINDOW_URL } from './addresses.ts';

/** Addresses within the window, as its router reads them: `#/runs/…`. */
export type Place = `#/${string}`;

export const runPlace = (run: RunId): Place => `#/runs/${encodeURIComponent(run)}`;
export const runsPlace: Place = '#/runs';
export const runsOf = (workflowId: string): Place => `#/runs?workflow=${encodeURIComponent(workflowId)}`;
export const schedulesPlace: Place = '#/schedules';
export const editorPlace = (workflowId: string): Place => `#/edit/${encodeURIComponent(workflowId)}`;

/** The place that an address of the window names; null for its first one, which names none. */
export function placeIn(url: string): Place | null {
  const hash = url.startsWith(`${WINDOW_URL}#/`) ? url.slice(WINDOW_URL.length) : '';
  return hash === '' ? null : (hash as Place);
}

/** Is `seen` this place, at whatever moment of it? */
export const isAt = (seen: Place | null, place: Place): boolean => seen === place || (seen?.startsWith(`${place}?`) ?? false);
