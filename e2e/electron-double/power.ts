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

const subscriptions = new Map<number, () => void>();
type Subscribe = SystemPreferences['subscribeLocalNotification'];

/** Of macOS only, as in Electron. */
export const systemPreferences = {
  subscribeLocalNotification: (event: Parameters<Subscribe>[0], callback: Parameters<Subscribe>[1]): number => {
    const id = subscriptions.size + 1;
    subscriptions.set(id, () => callback(event ?? '', {}, ''));
    return id;
  },
  unsubscribeLocalNotification: (id: number): void => void subscriptions.delete(id),
} satisfies Pick<SystemPreferences, 'subscribeLocalNotification' | 'unsubscribeLocalNotification'>;
