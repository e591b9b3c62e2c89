import { assertNever } from '#shared/errors';
import { DONE, FAILED, number, printJson, writeOut } from './output.ts';
import { exportEvents } from '../../journal/export.ts';
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
        else process.stdout.write(`${number(report.events)} events in ${number(report.streams)} streams, ${number(report.snapshots)} snapshots, ${number(report.chained)} in the hash chain: ${report.problems.length === 0 ? 'all is well.' : `${report.problems.length} problems.`}\n`);
        if (!json && report.head !== null) process.stdout.write(`The chain ends in ${report.head}\n`);
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
        else for (const [name, value] of Object.entries(stats)) process.stdout.write(`${name.padEnd(10)} ${typeof value === 'number' ? number(value) : (value ?? 'none')}\n`);
        return DONE;
      });
    case 'export':
      return reading(dataDir, async (open) => {
        let whole = true;
        let lines: string[] = [];
        for (const line of exportEvents(open)) {
          if (line.startsWith('{"damaged":')) {
            whole = false;
            process.stderr.write(`millrace: a part of the journal can't be read: ${line}\n`);
          }
          lines.push(`${line}\n`);
          if (lines.length < PAGE) continue;
          if (!(await writeOut(lines.join('')))) return DONE;
          lines = [];
        }
        await writeOut(lines.join(''));
        return whole ? DONE : FAILED;
      });
    default:
      return assertNever(verb);
  }
}
