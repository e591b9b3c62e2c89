import { StudioError } from '#shared/errors';
import type { FileMark } from '#shared/events';
import { lockAppends } from './append-lock.ts';
import { lastOf } from './compile.ts';
import type { Compiled } from './compile.ts';
import { intend } from './effects.ts';
import type { Turn } from './effects.ts';
import type { Ended } from './ended.ts';
import { explainFailure } from './failures.ts';
import { stagedPath } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { countSteps } from './profile.ts';
import type { StepCount } from './profile.ts';
import { quoteText } from './quoting.ts';
import { stage } from './staging.ts';
import type { Staged } from './staging.ts';
import { interruptible, runProfiled } from './statements.ts';

/** The SELECT that goes to a file. */
export interface Copy {
  readonly select: string;
  readonly path: string;
  readonly options: string;
  readonly append: boolean;
}

/** A failure of the temporary file is told of the file that the person named. */
function underItsName(thrown: unknown, staged: Staged): StudioError {
  const { code, message, place, remedy, detail } = explainFailure(thrown);
  const named = place === staged.target || place === stagedPath(staged.path) ? staged.path : place;
  return new StudioError(code, message, { ...(named === undefined ? {} : { place: named }), ...(remedy === undefined ? {} : { remedy }), ...(detail === undefined ? {} : { detail }) });
}

/** An appended CSV has its header already. */
const withoutHeader = (options: string): string => (/\bHEADER\b/i.test(options) ? options.replace(/\bHEADER\b(\s+(?:true|false|1|0))?/i, 'HEADER false') : `${options}, HEADER false`);

async function copied(run: OpenRun, compiled: Compiled, write: Copy, staged: Staged): Promise<{ readonly counts: readonly StepCount[]; readonly rows: number }> {
  const options = staged.appending && /FORMAT\s+'?csv/i.test(write.options) ? withoutHeader(write.options) : write.options;
  const stages = await runProfiled(run, compiled, `COPY (${write.select}) TO ${quoteText(staged.target)} (${options})`);
  return { counts: await countSteps(run, compiled, stages), rows: stages.at(-3)?.rows ?? 0 };
}

const nothingWritten = (path: string): StudioError => new StudioError('internal', 'The engine wrote no file.', { place: path });

/**
 * Puts the rows into a file. What is added to one is announced before, because rows that are added once more would be there twice, and
 * it is added by one run at a time: each joins its rows to what the one before has left. Where another program has written to the file
 * meanwhile, the rows are joined to that and announced anew.
 */
export async function toFile(run: OpenRun, compiled: Compiled, write: Copy, turn: Turn): Promise<Ended> {
  const { node } = lastOf(compiled);
  const ended = (counts: readonly StepCount[], rows: number, mark: FileMark | null): Ended => {
    if (mark === null) throw nothingWritten(write.path);
    return { counts, rowsOut: {}, outputs: [{ node, path: write.path, port: null, hash: null, rows, bytes: mark.bytes, mark }] };
  };
  const wait = (pid: number): void => turn.send({ kind: 'console', runId: run.job.runId, node, lines: [`Waits for another run to end its adding to ${write.path} (process ${pid}).`] });
  let unlock: (() => void) | null = null;
  let announced: string | null = null;
  try {
    for (;;) {
      const staged = stage(write.path, write.append);
      try {
        const { counts, rows } = await copied(run, compiled, write, staged);
        if (!write.append) {
          await interruptible(run, () => staged.ready());
          return ended(counts, rows, await staged.commit());
        }
        unlock ??= await lockAppends(write.path, { signal: run.abort.signal, tell: wait });
        while (staged.fits()) {
          await interruptible(run, () => staged.ready());
          announced = await intend(run, turn, node, { what: `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'} would be appended to ${write.path}`, rows, proof: staged.proof(), counts: await turn.counted(counts), instead: announced });
          if (staged.isUntouched()) return ended(counts, rows, await staged.commit());
        }
        // The file was begun, or taken away, by somebody else: the header is there now, or is missing.
        staged.discard();
      } catch (error) {
        unlock?.();
        unlock = null;
        staged.discard();
        throw underItsName(error, staged);
      }
    }
  } finally {
    unlock?.();
  }
}
