import type { SpawnWorker } from '../../executor/worker-port.ts';
import type { Studio } from '../../studio-types.ts';
import { createStudio } from '../../studio.ts';
import { VERSION } from '../../version.ts';
import { DONE, print, printAside } from './output.ts';
import { problemSentence } from '../../executor/prepare.ts';
import { noticing } from './scheduler-lines.ts';
import type { Notice } from './scheduler-lines.ts';
import { onSignals } from './signals.ts';

export interface SchedulerOptions {
  readonly dataDir: string;
  readonly spawn: SpawnWorker;
  /** One JSON object a line. */
  readonly json: boolean;
}

/**
 * Runs the schedules of a data folder until SIGINT or SIGTERM: the studio without a window. What was missed goes by the policies at once,
 * since nobody is there to be asked. Throws conflict where another host has the folder.
 */
export async function scheduler({ dataDir, spawn, json }: SchedulerOptions): Promise<number> {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const drop = onSignals(() => ask());
  try {
    const studio = await createStudio({ dataDir, host: 'cli', version: VERSION, spawn, schedules: { askMissedMs: 0 } });
    const told = telling(studio, ({ line, ...notice }) => print(json ? `${JSON.stringify(notice)}\n` : `${notice.at}  ${line}\n`));
    try {
      await Promise.race([studio.scheduler.ready, asked]);
      told.start();
      for (const { path, problems } of (await studio.scheduler.list()).refused) {
        for (const problem of problems.filter((one) => one.severity === 'error')) printAside(`${path}: ${problemSentence(problem)}\n`);
      }
      await asked;
      return DONE;
    } finally {
      told.stop();
      await studio.close();
    }
  } finally {
    drop();
  }
}

/** Says what happens, first of all what the studio starts with. */
function telling(studio: Studio, say: (notice: Notice) => void): { readonly start: () => void; readonly stop: () => void } {
  const noticed = noticing(studio.journal);
  let early: Notice[] | null = [];
  const stop = studio.journal.subscribe((events) => {
    for (const one of events.flatMap(noticed)) {
      if (early === null) say(one);
      else early.push(one);
    }
  });
  const start = (): void => {
    say(startOf(studio));
    early?.forEach(say);
    early = null;
  };
  return { start, stop };
}

function startOf(studio: Studio): Notice {
  const { next, scheduled, allPaused } = studio.scheduler.summary();
  const many = `${scheduled === 0 ? 'No' : scheduled} ${scheduled === 1 ? 'schedule' : 'schedules'} in force`;
  const following = next === null ? (allPaused ? '; all are paused' : '') : `; the next: ${next.workflowName} (${next.scheduleId}) at ${new Date(next.at).toISOString()}`;
  return {
    event: 'started',
    at: new Date().toISOString(),
    line: `${many}${following}. Ctrl+C ends it.`,
    schedules: scheduled,
    allPaused,
    next: next === null ? null : { scheduleId: next.scheduleId, workflowName: next.workflowName, at: new Date(next.at).toISOString() },
  };
}
