import { oc } from '@orpc/contract';
import { z } from 'zod';
import { NODE_KINDS } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';

export const LANGUAGES = ['system', 'en', 'zh'] as const;
export const THEMES = ['system', 'light', 'dark'] as const;

/** Everything the Settings place edits. */
export const Settings = z.object({
  /** Where workflow files live. Absolute. */
  folder: z.string().min(1),
  language: z.enum(LANGUAGES),
  theme: z.enum(THEMES),
  /** Of a worker, in MiB; null is a quarter of the machine's. */
  memoryLimitMb: z.int().min(64).nullable(),
  /** Workers at once; null is one a core. */
  workers: z.int().min(1).max(64).nullable(),
  /** Runs at once; null is one a worker. */
  maxConcurrentRuns: z.int().min(1).max(64).nullable(),
  /** Runs that ended longer ago than so many days are removed; null keeps them. */
  keepDays: z.int().min(1).max(36_500).nullable(),
  /** At most so many ended runs stay; null keeps all. */
  keepRuns: z.int().min(1).max(10_000_000).nullable(),
  /** Kept outputs of runs that ended longer ago than so many days are removed, their runs stay; null keeps them as long as the runs. */
  keepOutputsDays: z.int().min(1).max(36_500).nullable(),
  /** Closing the window leaves the studio in the tray, with its schedules. */
  keepInTray: z.boolean(),
  startAtLogin: z.boolean(),
  /** Keep the machine awake while a run is in hand. */
  keepAwake: z.boolean(),
  /** System notifications, each kind by itself. `missed`: runs that were missed; `waiting`: a run asks something; `paused`: a schedule was paused by a failure. */
  notifyFailed: z.boolean(),
  notifyMissed: z.boolean(),
  notifyWaiting: z.boolean(),
  notifyPaused: z.boolean(),
  notifyCompleted: z.boolean(),
  /** Set while all schedules are paused together. */
  schedulesPaused: z.object({ note: z.string().max(2000), at: z.number() }).nullable(),
});
export type Settings = z.infer<typeof Settings>;

export const StudioInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'server', 'cli']),
  dataDir: z.string(),
  platform: z.string(),
  /** Has the host a system file dialog (`files.pick`)? Otherwise the window browses with `files.list`. */
  nativeDialogs: z.boolean(),
  machineMemoryMb: z.int(),
  cores: z.int(),
});
export type StudioInfo = z.infer<typeof StudioInfo>;

const Spec = z.custom<NodeSpec>((value) => typeof value === 'object' && value !== null && 'type' in value && NODE_KINDS.some((kind) => kind === value.type));

export const studioContract = {
  info: oc.route({ method: 'GET', path: '/info', summary: 'The studio' }).output(StudioInfo),
  nodes: oc.route({ method: 'GET', path: '/nodes', summary: 'Node types' }).output(z.array(Spec)),
  settings: oc.route({ method: 'GET', path: '/settings', summary: 'Settings' }).output(Settings),
  /** Removes what retention lets go, now. Sizes in bytes, over journal, payloads, samples and kept outputs. */
  retain: oc
    .route({ method: 'POST', path: '/retain', summary: 'Remove what retention lets go' })
    .output(z.object({ runs: z.int(), outputs: z.int(), freedBytes: z.number() })),
  saveSettings: oc.route({ method: 'PATCH', path: '/settings', summary: 'Change settings' }).input(Settings.partial()).output(Settings),
};

export const filesContract = {
  /** The system's dialog; null when it was cancelled. Throws unsupported where the host has none. */
  pick: oc
    .route({ method: 'POST', path: '/files/pick', summary: 'Open the system file dialog' })
    .input(z.object({ mode: z.enum(['open', 'save', 'folder']), title: z.string().optional(), extensions: z.array(z.string()).optional(), defaultPath: z.string().optional() }))
    .output(z.object({ path: z.string().nullable() })),
  /** A folder's entries, folders first. Without `path`: the workflow folder. */
  list: oc
    .route({ method: 'POST', path: '/files/list', summary: "A folder's entries" })
    .input(z.object({ path: z.string().optional() }))
    .output(
      z.object({
        path: z.string(),
        parent: z.string().nullable(),
        entries: z.array(z.object({ name: z.string(), path: z.string(), kind: z.enum(['file', 'folder']), bytes: z.number(), modifiedAt: z.number() })),
      }),
    ),
  /** Shows the file in the system's file manager. Throws unsupported where the host has none. */
  reveal: oc.route({ method: 'POST', path: '/files/reveal', summary: 'Show a file in its folder' }).input(z.object({ path: z.string() })).output(z.object({})),
};
