import { EventEmitter } from 'node:events';
import type { PowerMonitor, PowerSaveBlocker, SystemPreferences } from 'electron';

/** What the machine does: a test says it. */
export const powerMonitor = new EventEmitter() satisfies EventEmitter & Pick<PowerMonitor, 'emit'>;

type BlockerType = Parameters<PowerSaveBlocker['start']>[0];
const blockers = new Map<number, BlockerType>();
let lastBlocker = 0;

export const powerSaveBlocker = {
  start: (type: BlockerType): number => {
    lastBlocker += 1;
    blockers.set(lastBlocker, type);
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
} satisfies PowerSaveBlocker;

/** What keeps the machine awake now. */
export const startedBlockers = (): readonly BlockerType[] => [...blockers.values()];

/** Of macOS only, as in Electron. Nobody sets a clock here. */
export const systemPreferences = {
  subscribeLocalNotification: (): number => 0,
  unsubscribeLocalNotification: (): void => undefined,
} satisfies Pick<SystemPreferences, 'subscribeLocalNotification' | 'unsubscribeLocalNotification'>;
