import { Argument } from 'commander';
import { PauseAnswer, Trigger } from '#shared/events';
import { RUN_STATUSES } from '#shared/run/run';
import { aTime, dataDir, isJson, notEmpty, oneOf, text, whole, wholeNumber, withData, withJson } from './options.ts';
import type { Flags, Verbs } from './options.ts';

const TRIGGERS = Trigger.options.map((option) => option.shape.kind.value);
const A_RUN = '(the start of its id will do)';

/** The verbs about runs: starting, going on, answering, running again, looking, comparing. Each is loaded only when it is called. */
export function addRunVerbs({ verb, spawn, end }: Verbs): void {
  const place = (flags: Flags) => ({ dataDir: dataDir(flags), json: isJson(flags), spawn });

  withJson(withData(verb('run <file>', 'Run a workflow file; runs that were left unfinished go on beside it')))
    .option('--no-resume', 'leave those as they are')
    .action(async (file: string, flags: Flags) => end(await (await import('./run.ts')).run(file, { ...place(flags), resume: flags['resume'] !== false })));
  withJson(withData(verb('resume [run]', `Go on with a run that was left unfinished, or with all of them ${A_RUN}`))).action(async (run: string | undefined, flags: Flags) =>
    end(await (await import('./resume.ts')).resume(run, place(flags))),
  );
  withJson(withData(verb('answer <run>', `Tell a paused run how to go on ${A_RUN}`)))
    .addArgument(new Argument('<answer>', 'do it again, take it for done, or end the run').choices(PauseAnswer.options))
    .action(async (run: string, answer: PauseAnswer, flags: Flags) => end(await (await import('./resume.ts')).answer(run, answer, place(flags))));
  withJson(withData(verb('rerun <run>', `Run a run's workflow again, taking over what still stands ${A_RUN}`)))
    .option('--from <node>', 'this node and what follows it run in any case', notEmpty)
    .action(async (run: string, flags: Flags) => end(await (await import('./again.ts')).rerun(run, text(flags, 'from'), place(flags))));
  withJson(withData(verb('fork <run> <file>', `Run an edited workflow from an event of a run on ${A_RUN}`)))
    .requiredOption('--at <version>', 'what the run had done up to this event is taken over', wholeNumber(1))
    .action(async (run: string, file: string, flags: Flags) => end(await (await import('./again.ts')).fork(run, whole(flags, 'at') ?? 1, file, place(flags))));
  withJson(withData(verb('compare <left> <right>', 'Hold two runs against each other: outcome, times, events, nodes and rows'))).action(async (left: string, right: string, flags: Flags) =>
    end(await (await import('./compare.ts')).compare(left, right, place(flags))),
  );
  withJson(withData(verb('runs', 'List runs, newest first')))
    .option('--status <status>', `only runs that are ${RUN_STATUSES.join(', ')}`, oneOf(RUN_STATUSES))
    .option('--workflow <id>', 'only runs of this workflow')
    .option('--trigger <kind>', `only runs asked for by ${TRIGGERS.join(', ')}`, oneOf(TRIGGERS))
    .option('--search <text>', 'only runs whose id or workflow holds this in its name')
    .option('--from <time>', 'only runs asked for since', aTime)
    .option('--to <time>', 'only runs asked for until then', aTime)
    .option('--limit <n>', 'at most so many', wholeNumber(1, 100_000), 50)
    .action(async (flags: Flags) => {
      const { runs } = await import('./runs.ts');
      end(await runs(dataDir(flags), { status: text(flags, 'status'), workflow: text(flags, 'workflow'), trigger: text(flags, 'trigger'), search: text(flags, 'search'), from: whole(flags, 'from'), to: whole(flags, 'to'), limit: whole(flags, 'limit') ?? 50, json: isJson(flags) }));
    });
  withJson(withData(verb('show <run>', `Show a run's state ${A_RUN}, or that of an exported run's file`)))
    .option('--at <version>', 'as it was after the event of this version', wholeNumber(1))
    .option('--events', 'its events instead')
    .action(async (run: string, flags: Flags) => end(await (await import('./show.ts')).show(dataDir(flags), run, { at: whole(flags, 'at'), events: flags['events'] === true, json: isJson(flags) })));
}
