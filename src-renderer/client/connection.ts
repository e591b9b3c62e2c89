import { create } from 'zustand';

/** Whether the studio answers. `since` is when it stopped; the bar at the top shows it. */
export type Connection = { readonly state: 'connecting' | 'open' } | { readonly state: 'lost'; readonly since: number };

export const useConnection = create<Connection>(() => ({ state: 'connecting' }));
