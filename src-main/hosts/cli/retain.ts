import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createRetention } from '../../executor/retention.ts';
import { defaultSettings, openSettings } from '../../library/settings.ts';
import { writing } from './open-journal.ts';
import { DONE, number, printJson } from './output.ts';

export interface RetainOptions {
  readonly days: number | undefined;
  readonly runs: number | undefined;
  readonly json: boolean;
}

/** Removes what the settings let go, or what is older than `days` and beyond the newest `runs`. */
export function retain(dataDir: string, { days, runs, json }: RetainOptions): Promise<number> {
  return writing(dataDir, async (journal) => {
    const settings = await openSettings(join(dataDir, 'settings.json'), defaultSettings(dataDir), Date.now);
    const retention = createRetention({ journal, dataDir, settings: () => settings.get(), clock: Date.now, id: randomUUID });
    const found = await retention.retain({ ...(days === undefined ? {} : { keepDays: days }), ...(runs === undefined ? {} : { keepRuns: runs }) });
    if (json) printJson(found);
    else process.stdout.write(`Removed ${number(found.runs)} runs and ${number(found.outputs)} kept outputs; ${number(found.freedBytes)} bytes are free again.\n`);
    return DONE;
  });
}
