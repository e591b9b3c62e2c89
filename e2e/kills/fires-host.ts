/**
 * The studio that is killed while its schedules fire: opens a data folder whose workflow files have schedules, and says on standard output
 * what it has acknowledged, a line at a time, at once. Told to `finish` it pauses all, lets its runs end and closes; told to `leave` it closes.
 */
import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import module from 'node:module';

export interface FireOrders {
  readonly dataDir: string;
  /** Events up to this position have been said before. */
  readonly said: number;
}

const say = (...words: readonly (string | number)[]): void => void writeSync(1, `${words.join(' ')}\n`);
module.enableCompileCache?.();
const [{ forkWorkers }, { createStudio }] = await Promise.all([import('../../src-main/executor/fork.ts'), import('../../src-main/studio.ts')]);

const orders = JSON.parse(process.argv[2] ?? '') as FireOrders;
const studio = await createStudio({ dataDir: orders.dataDir, host: 'cli', version: 'kills', spawn: forkWorkers(resolve(import.meta.dirname, 'worker.js')), schedules: { askMissedMs: 0 } });
const { journal, scheduler } = studio;
for (const event of journal.readAll(orders.said, 1_000_000)) say('e', event.position, event.id, event.type);
journal.subscribe((events) => {
  for (const event of events) say('e', event.position, event.id, event.type);
});
const allEnded = async (): Promise<void> => {
  while (journal.unfinished().length > 0) {
    const { promise, resolve: heard } = Promise.withResolvers<void>();
    const stop = journal.subscribe(() => heard());
    await promise;
    stop();
  }
};

createInterface({ input: process.stdin }).on('line', (word) => void end(word));
async function end(word: string): Promise<void> {
  if (word === 'finish') {
    await scheduler.pauseAll('');
    await allEnded();
  }
  say('closing');
  await studio.close();
  say('closed');
  process.exit(0);
}

await scheduler.ready;
say('open');
