import { powerSaveBlocker } from 'electron';
import type { Settings } from '#shared/contract/studio';

export interface Awake {
  /** Runs have come or gone, or the settings have changed. */
  readonly changed: () => void;
  readonly stop: () => void;
}

/** Keeps the machine from sleeping while runs are in hand, if the person allows it. The screen may go dark. */
export function stayAwake(settings: () => Settings, runsInHand: () => number): Awake {
  let blocker: number | null = null;
  const set = (wanted: boolean): void => {
    if (wanted === (blocker !== null)) return;
    if (blocker !== null) powerSaveBlocker.stop(blocker);
    blocker = wanted ? powerSaveBlocker.start('prevent-app-suspension') : null;
  };
  const changed = (): void => set(settings().keepAwake && runsInHand() > 0);
  changed();
  return { changed, stop: () => set(false) };
}
