import { QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { NodeSpec } from '#shared/node-spec';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey } from '#shared/node-spec';
import { client, follow } from '../client/client.ts';

/** What the studio told the window, kept until a feed says that it changed. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: false, refetchOnWindowFocus: false, networkMode: 'always' }, mutations: { networkMode: 'always' } },
});

export const keys = {
  library: ['library'],
  templates: ['templates'],
  runs: ['runs'],
  run: (id: string) => ['run', id],
  nodes: ['nodes'],
  info: ['info'],
  settings: ['settings'],
  stats: ['stats'],
} as const;

export const useLibrary = () => useQuery({ queryKey: keys.library, queryFn: () => client.workflows.list() });
export const useTemplates = () => useQuery({ queryKey: keys.templates, queryFn: () => client.workflows.templates(), staleTime: Number.POSITIVE_INFINITY });
export const useInfo = () => useQuery({ queryKey: keys.info, queryFn: () => client.studio.info(), staleTime: Number.POSITIVE_INFINITY });
export const useSettings = () => useQuery({ queryKey: keys.settings, queryFn: () => client.studio.settings() });

/** Node types by key; they do not change while the studio runs. */
export const useNodeSpecs = () =>
  useQuery({
    queryKey: keys.nodes,
    queryFn: async () => new Map<NodeKey, NodeSpec>((await client.studio.nodes()).map((spec) => [nodeKey(spec), spec])),
    staleTime: Number.POSITIVE_INFINITY,
  });

const PAUSE_MS = 400;

/** Gathers a burst of changes into one refetch: a thousand short runs must not mean a thousand lists. */
function gathered(act: () => void): { readonly poke: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const fire = (): void => {
    act();
    again = false;
    timer = setTimeout(() => {
      timer = null;
      if (again) fire();
    }, PAUSE_MS);
  };
  return {
    poke: () => {
      again = true;
      if (timer === null) fire();
    },
    stop: () => (timer === null ? undefined : clearTimeout(timer)),
  };
}

/** Once, at the window's root: what the studio reports as changed is asked for again. */
export function useFeeds(): void {
  useEffect(() => {
    const stale = (key: readonly string[]): void => void queryClient.invalidateQueries({ queryKey: key });
    const library = gathered(() => stale(keys.library));
    const runs = gathered(() => {
      stale(keys.runs);
      stale(keys.library);
      stale(keys.stats);
    });
    const stops = [
      follow((signal) => client.workflows.changes(undefined, { signal }), { onStart: library.poke, onValue: library.poke, forever: true }),
      follow((signal) => client.runs.changes(undefined, { signal }), { onStart: runs.poke, onValue: runs.poke, forever: true }),
    ];
    return () => [...stops, library.stop, runs.stop].forEach((stop) => stop());
  }, []);
}
