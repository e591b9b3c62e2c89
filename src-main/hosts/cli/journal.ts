import { assertNever } from '#shared/errors';
import { DONE, FAILED, number, printJson, writeOut } from './output.ts';
import { reading, writing } from './open-journal.ts';

export type JournalVerb = 'verify' | 'rebuild' | 'stats' | 'export';

/** How many events an export holds in memory at once. */
const PAGE = 1000;

export function journal(verb: JournalVerb, dataDir: string, json: boolean): Promise<number> {
  switch (verb) {
    case 'verify':
      return reading(dataDir, (open) => {
        const report = open.verify();
        if (json) printJson(report);
        else process.stdout.write(`${number(report.events)} events in ${number(report.streams)} streams, ${number(report.snapshots)} snapshots: ${report.problems.length === 0 ? 'all is well.' : `${report.problems.length} problems.`}\n`);
        for (const problem of json ? [] : report.problems) process.stderr.write(`  - ${problem}\n`);
        return report.problems.length === 0 ? DONE : FAILED;
      });
    case 'rebuild':
      return writing(dataDir, (open) => {
        const report = open.rebuild();
        if (json) printJson(report);
        else process.stdout.write(`Made again from ${number(report.events)} events.\n`);
        return DONE;
      });
    case 'stats':
      return reading(dataDir, (open) => {
        const stats = open.stats();
        if (json) printJson(stats);
        else for (const [name, value] of Object.entries(stats)) process.stdout.write(`${name.padEnd(10)} ${number(Number(value))}\n`);
        return DONE;
      });
    case 'export':
      return reading(dataDir, async (open) => {
        for (let after = 0; ; ) {
          const page = open.readAll(after, PAGE);
          const last = page.at(-1);
          if (last === undefined) return DONE;
          if (!(await writeOut(page.map((event) => `${JSON.stringify(event)}\n`).join('')))) return DONE;
          after = last.position;
        }
      });
    default:
      return assertNever(verb);
  }
}
