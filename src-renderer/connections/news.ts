import type { ConnectionView, SecretStore } from '#shared/contract/connections';
import { keys, queryClient } from '../app/queries.ts';

interface ConnectionList {
  readonly connections: readonly ConnectionView[];
  readonly store: SecretStore;
}

const listeners = new Set<() => void>();

/** Takes over what was saved, so that nobody misses it until the list has been asked for again. */
export function connectionSaved(saved: ConnectionView, previous: string | null): void {
  queryClient.setQueryData<ConnectionList>(keys.connections, (list) => list && { ...list, connections: [...list.connections.filter((one) => one.name !== (previous ?? saved.name)), saved].toSorted((a, b) => a.name.localeCompare(b.name)) });
  connectionsChanged();
}

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
