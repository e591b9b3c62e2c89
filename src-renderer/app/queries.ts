import { QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Settings } from '#shared/contract/studio';
import type { NodeSpec } from '#shared/node-spec';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey } from '#shared/node-spec';
import { client, follow } from '../client/client.ts';
import { prefer } from '../i18n/preferences.ts';
import { toastError } from '../ui/toast.tsx';

type ScheduleList = Awaited<ReturnType<typeof client.schedules.list>>;

/** What the studio told the window, kept until a feed says that it changed. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: false, refetchOnWindowFocus: false, networkMode: 'always' }, mutations: { networkMode: 'always' } },
});

export const keys = {
  library: ['library'],
  templates: ['templates'],
  runs: ['runs'],
  run: (id: string) => ['run', id],
  schedules: ['schedules'],
  away: ['away'],
  nodes: ['nodes'],
  info: ['info'],
  settings: ['settings'],
  connections: ['connections'],
  stats: ['stats'],
} as const;

export const useLibrary = () => useQuery({ queryKey: keys.library, queryFn: () => client.workflows.list() });
const listKey = [...keys.schedules, 'list'];
/** Every schedule and how it stands. */
export const useSchedules = () => useQuery({ queryKey: listKey, queryFn: () => client.schedules.list() });
export const useTemplates = () => useQuery({ queryKey: keys.templates, queryFn: () => client.workflows.templates(), staleTime: Number.POSITIVE_INFINITY });
/** The person's connections, without their secrets. `always`: asked anew, because workflows may use others by now. */
export const useConnections = (refetchOnMount: 'always' | true = true) => useQuery({ queryKey: keys.connections, queryFn: () => client.connections.list(), refetchOnMount });
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
function gathered(act: () => void, pauseMs: () => number = () => PAUSE_MS): { readonly poke: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const fire = (): void => {
    act();
    again = false;
    timer = setTimeout(() => {
      timer = null;
      if (again) fire();
    }, pauseMs());
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
    // The list comes whole: the longer it is, the more seldom.
    const schedules = gathered(() => stale(keys.schedules), () => PAUSE_MS + (queryClient.getQueryData<ScheduleList>(listKey)?.schedules.length ?? 0));
    const stops = [
      follow((signal) => client.workflows.changes(undefined, { signal }), { onStart: library.poke, onValue: library.poke, forever: true }),
      follow((signal) => client.schedules.changes(undefined, { signal }), {
        onStart: () => (schedules.poke(), stale(keys.away)),
        onValue: ({ what }) => (what === 'away' ? stale(keys.away) : schedules.poke()),
        forever: true,
      }),
      follow((signal) => client.runs.changes(undefined, { signal }), { onStart: runs.poke, onValue: runs.poke, forever: true }),
    ];
    return () => [...stops, library.stop, runs.stop, schedules.stop].forEach((stop) => stop());
  }, []);
}

/** Keeps the window's language and theme what the settings say, also when another window changed them. */
export function useSettingsSync(): void {
  const { data } = useSettings();
  useEffect(() => {
    if (data !== undefined) prefer({ language: data.language, theme: data.theme });
  }, [data]);
}

/** Changes settings: at once in this window, then in the studio; taken back when the studio refuses. */
export function saveSettings(change: Partial<Settings>): void {
  const before = queryClient.getQueryData<Settings>(keys.settings);
  if (before !== undefined) queryClient.setQueryData(keys.settings, { ...before, ...change });
  client.studio.saveSettings(change).then(
    (saved) => queryClient.setQueryData(keys.settings, saved),
    (thrown: unknown) => {
      queryClient.setQueryData(keys.settings, before);
      toastError(thrown);
    },
  );
}

/** How many runs have not ended: going on, in the queue, waiting for an answer. */
export function useOpenRuns(): { readonly running: number; readonly queued: number; readonly paused: number } {
  const { data } = useQuery({
    queryKey: [...keys.runs, 'open'],
    queryFn: () => client.runs.list({ filter: { status: ['queued', 'running', 'paused'] }, limit: 1 }),
  });
  const count = (status: 'running' | 'queued' | 'paused'): number => data?.counts[status] ?? 0;
  return { running: count('running'), queued: count('queued'), paused: count('paused') };
}
