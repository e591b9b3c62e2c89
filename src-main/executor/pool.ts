import type { FromWorker, ToWorker } from '../dataplane/protocol.ts';
import type { SpawnWorker, WorkerPort } from './worker-port.ts';

/** A worker in one holder's hands. After `lost` or `release` it is of no more use to them. */
export interface Lease {
  /** To be called at once, before control is given back: nothing the worker says is missed then. */
  hold(holder: Holder): void;
  send(message: ToWorker): void;
  /** The worker takes the next run meanwhile; what it still says of this one comes to this holder until `release`. */
  retire(): void;
  /** Gives it back, warm. */
  release(): void;
  /** Ends the process; the holder's `lost` follows. */
  kill(): void;
}

export interface Holder {
  message(message: FromWorker): void;
  /** The process ended: `how` in a few words. `neverReady`: it had not even come up. */
  lost(how: string, neverReady: boolean): void;
}

export interface Pool {
  /** A warm worker, or a new one while there are fewer than `size`; null when all are taken. */
  take(): Lease | null;
  pids(): readonly number[];
  /** Ends all workers and returns when they are gone. */
  close(): Promise<void>;
}

interface Slot {
  readonly port: WorkerPort;
  readonly gone: Promise<void>;
  holder: Holder | null;
  lease: Lease | null;
  /** Of those whose runs have ended, but not all is said. */
  readonly retired: Map<Lease, Holder>;
  ready: boolean;
}

/**
 * Worker processes, kept warm. `warm` are started at once, `size()` is the most there are: a changed setting counts from the next run.
 * `onFree` is told whenever a worker may have become free. A worker that ends is replaced when it was one of the warm ones and had
 * come up: one that can't even start is not tried again until somebody needs it.
 */
export function createPool(spawn: SpawnWorker, size: () => number, warm: number, onFree: () => void): Pool {
  const slots = new Set<Slot>();
  let closing = false;

  const start = (): Slot => {
    const port = spawn();
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const slot: Slot = { port, gone, holder: null, lease: null, retired: new Map(), ready: false };
    slots.add(slot);
    port.onMessage((message) => {
      if (message.kind === 'ready') slot.ready = true;
      else {
        for (const holder of slot.retired.values()) holder.message(message);
        slot.holder?.message(message);
      }
    });
    port.onExit((how) => {
      slots.delete(slot);
      const holders = [...slot.retired.values(), ...(slot.holder === null ? [] : [slot.holder])];
      slot.retired.clear();
      slot.holder = null;
      slot.lease = null;
      resolve();
      if (!closing && slot.ready && slots.size < Math.min(warm, size())) start();
      for (const holder of holders) holder.lost(how, !slot.ready);
      if (!closing) onFree();
    });
    return slot;
  };

  const giveBack = (slot: Slot): void => {
    slot.holder = null;
    slot.lease = null;
    if (slots.size > size() && slot.retired.size === 0) slot.port.kill();
    onFree();
  };

  while (slots.size < Math.min(warm, size())) start();

  return {
    take() {
      const free = [...slots].filter((slot) => slot.lease === null);
      const idle = free.find((slot) => slot.retired.size === 0);
      if (closing || (free.length === 0 && slots.size >= size())) return null;
      const slot = idle ?? (slots.size < size() ? start() : (free[0] ?? start()));
      const held = (): boolean => slot.lease === lease;
      const lease: Lease = {
        hold: (holder) => {
          slot.holder = holder;
        },
        send: (message) => {
          if (held()) slot.port.send(message);
        },
        retire: () => {
          if (!held()) return;
          if (slot.holder !== null) slot.retired.set(lease, slot.holder);
          giveBack(slot);
        },
        release: () => {
          if (held()) giveBack(slot);
          else if (slot.retired.delete(lease) && slot.lease === null) giveBack(slot);
        },
        kill: () => {
          if (held() || slot.retired.has(lease)) slot.port.kill();
        },
      };
      slot.lease = lease;
      return lease;
    },
    pids: () => [...slots].flatMap((slot) => slot.port.pid ?? []),
    async close() {
      closing = true;
      const all = [...slots];
      for (const slot of all) slot.port.kill();
      await Promise.all(all.map((slot) => slot.gone));
    },
  };
}
