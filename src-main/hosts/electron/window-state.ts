import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
export type Bounds = z.infer<typeof Bounds>;

const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() });
/** Where the window stood when it was closed. `bounds` are those it has when it is not maximised, in screen points. */
export type WindowState = z.infer<typeof WindowState>;

export const SMALLEST = { width: 960, height: 600 } as const;
const USUAL = { width: 1440, height: 900 } as const;

/** Null where nothing was kept, or nothing that can be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** A window that can't remember its place still closes. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, `${JSON.stringify(state)}\n`);
  } catch (thrown) {
    console.error(`The window's place was not kept in ${file}:`, thrown);
  }
}

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);

/** Enough of its title bar must show on some screen to be dragged. */
const isReachable = (bounds: Bounds, screens: readonly Bounds[]): boolean =>
  screens.some((screen) => overlap(bounds.x, bounds.width, screen.x, screen.width) >= 100 && bounds.y >= screen.y - 10 && bounds.y <= screen.y + screen.height - 50);

const fit = (wanted: number, smallest: number, room: number): number => Math.max(smallest, Math.min(wanted, room));

/** The place to open at: where it stood, unless that screen is gone; no larger than the screen, no smaller than SMALLEST. */
export function placeWindow(kept: WindowState | null, primary: Bounds, screens: readonly Bounds[]): Partial<Bounds> & { readonly width: number; readonly height: number } {
  if (kept !== null && isReachable(kept.bounds, screens)) {
    return { ...kept.bounds, width: Math.max(kept.bounds.width, SMALLEST.width), height: Math.max(kept.bounds.height, SMALLEST.height) };
  }
  return { width: fit(kept?.bounds.width ?? USUAL.width, SMALLEST.width, primary.width), height: fit(kept?.bounds.height ?? USUAL.height, SMALLEST.height, primary.height) };
}
