import { z } from 'zod';
import { covers, stretches, WIDEST_SHIFT } from '#shared/schedule/zone';

const WithOffset = z.iso.datetime({ offset: true });
const OnTheWall = z.union([z.iso.datetime({ local: true }), z.iso.date()]);

/** A time as a person or a file writes it. `local`: it says no offset, so that the zone decided. */
export interface ReadInstant {
  readonly at: number;
  readonly local: boolean;
}

/** Reads an ISO time. With an offset it is an instant; without one it is read on the clock of the zone, never on this computer's. Null where it is no time. */
export function readInstant(text: string, timeZone: string): ReadInstant | null {
  const iso = text.trim().replace(/^(\d{4}-\d\d-\d\d) (?=\d)/u, '$1T');
  if (WithOffset.safeParse(iso).success) return { at: Date.parse(iso), local: false };
  if (!OnTheWall.safeParse(iso).success) return null;
  return { at: instantOf(timeZone, Date.parse(iso.length === 10 ? iso : `${iso}Z`)), local: true };
}

/** The instant at which the clock of a zone shows a wall time (ms as if it were UTC): the first of two, and where it is jumped over the first after the gap. */
export function instantOf(timeZone: string, wall: number): number {
  const around = stretches(timeZone, wall - WIDEST_SHIFT, wall + WIDEST_SHIFT);
  const showing = around.find((stretch) => covers(stretch, wall));
  if (showing !== undefined) return wall - showing.offset;
  return around.find((stretch) => stretch.from + stretch.offset > wall)?.from ?? wall - (around.at(-1)?.offset ?? 0);
}

/** An instant as a file says it: 2026-01-31T08:00:00Z. */
export const instantText = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
