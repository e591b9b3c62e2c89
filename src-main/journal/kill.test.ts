import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHistory } from '#shared/run/history.testing';
import type { Journal } from './journal.ts';
import { ended, startProcess } from './process.testing.ts';
import { createJournal } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const PAST = 1_767_225_600_000;

/** Every run that was said to be written is there, as far as it was said, and as it was written; or retention took it. */
function checkRuns(journal: Journal, said: Map<string, number>): void {
  const removed = journal.read('journal').reduce((sum, event) => sum + (event.type === 'RunsRemoved' ? event.data.runs : 0), 0);
  let gone = 0;
  for (const [run, events] of said) {
    const stored = journal.read(`run-${run}`);
    if (stored.length === 0) {
      gone += 1;
      expect(events).toBe(83);
      continue;
    }
    expect(stored.length).toBeGreaterThanOrEqual(events);
    const history = runHistory({ run, nodes: 40, at: PAST + Number(run.split('-')[1]) });
    said.set(run, stored.length);
    expect(stored.map((event) => event.id)).toEqual(history.slice(0, stored.length).map((event) => event.id));
  }
  expect(gone).toBe(removed);
  // What was written by the time of the kill and could not be said any more may be taken another time.
  for (const { id } of journal.runs({}, 0, 1_000_000).rows) said.set(id, journal.read(`run-${id}`).length);
}

describe('a writer that is killed again and again', () => {
  it('loses nothing that append had returned, whatever it was doing: appending, committing together, removing, shrinking', async () => {
    const path = join(temporaryFolder(), 'journal.sqlite');
    const said = new Map<string, number>();
    // Not at random: the same moments in every run of the test, as far as a process can have them; most within the first runs.
    const moments = [1, 2, 5, 31, 85, 130, 333, 500, 700, 900];
    for (const [round, moment] of moments.entries()) {
      const { child, said: first } = await startProcess('batches', path, `k${round}`);
      let text = `${first}\n`;
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (text.split('\n').length > moment) resolve();
        };
        child.stdout?.on('data', (data: Buffer) => {
          text += data.toString('utf8');
          look();
        });
        look();
      });
      const closed = new Promise<void>((resolve) => child.stdout?.once('close', () => resolve()));
      child.kill('SIGKILL');
      await Promise.all([ended(child), closed]);
      for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
        const [run = '', events] = line.split(' ');
        said.set(run, Number(events));
      }
      const journal = createJournal({ path });
      const report = journal.verify();
      expect(report.problems).toEqual([]);
      expect(report.chained).toBe(report.events);
      checkRuns(journal, said);
      journal.close();
    }
    const journal = createJournal({ path });
    while (journal.shrink(1000));
    // And what was cut off goes on where it stopped.
    for (const id of journal.unfinished()) {
      const history = runHistory({ run: id, nodes: 40, at: PAST + Number(id.split('-')[1]) });
      const stored = journal.read(`run-${id}`).length;
      journal.append(`run-${id}`, stored, history.slice(stored));
    }
    expect(journal.unfinished()).toEqual([]);
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  }, 600_000);
});
