import { keys, queryClient } from '../app/queries.ts';

const listeners = new Set<() => void>();

/** Says that connections have changed: what was asked about them is asked again, and open editors check anew. */
export function connectionsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: keys.connections });
  for (const listener of listeners) listener();
}

/** Hears of it. Returns the stop. */
export function onConnectionsChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
