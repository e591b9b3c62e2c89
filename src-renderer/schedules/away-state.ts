import { useQuery } from '@tanstack/react-query';
import { create } from 'zustand';
import type { Away } from '#shared/contract/schedules';
import { keys } from '../app/queries.ts';
import { client } from '../client/client.ts';
import { stretchOf } from './away.ts';

const KEY = 'millrace:away-closed';

/** The stretch of absence whose dialog was closed; kept while the browser's tab or the window lives, so that a reload asks no second time. */
const useClosed = create<{ readonly stretch: string | null }>(() => ({ stretch: sessionStorage.getItem(KEY) }));

/** Puts the dialog away; the studio's deadline stands. */
export function closeAway(away: Away): void {
  sessionStorage.setItem(KEY, stretchOf(away));
  useClosed.setState({ stretch: stretchOf(away) });
}

/** Shows it again because the person wants to decide after all. */
export function reopenAway(): void {
  sessionStorage.removeItem(KEY);
  useClosed.setState({ stretch: null });
}

/** What was missed and waits for an answer; `closed`: its dialog was put away. */
export function useAway(): { readonly away: Away | null; readonly closed: boolean } {
  const { data } = useQuery({ queryKey: keys.away, queryFn: () => client.schedules.away() });
  const stretch = useClosed((state) => state.stretch);
  return { away: data ?? null, closed: data != null && stretch === stretchOf(data) };
}
