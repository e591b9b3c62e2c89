import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { toErrorInfo } from '#shared/errors';
import { RUN_STATUSES } from '#shared/run/run';
import { defaultDataDir } from '../../data-dir.ts';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { DONE, exitCodeOf, FAILED, guardOutput, INVALID, printError } from './output.ts';
import { VERSION } from '../../version.ts';

/** What the door hands over. */
export interface Surroundings {
  readonly spawn: SpawnWorker;
  /** The folder of the built program: the window lies beside it. */
  readonly appDir: string;
}

type Flags = Readonly<Record<string, string | number | boolean | undefined>>;
const text = (flags: Flags, name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
const whole = (flags: Flags, name: string): number | undefined => (typeof flags[name] === 'number' ? flags[name] : undefined);

const wholeNumber =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max || value.trim() === '') throw new InvalidArgumentError(`It must be a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}.`);
    return number;
  };
const runStatus = (value: string): string => {
  if (!RUN_STATUSES.some((status) => status === value)) throw new InvalidArgumentError(`It must be one of ${RUN_STATUSES.join(', ')}.`);
  return value;
};

const dataDir = (flags: Flags): string => resolve(text(flags, 'dataDir') ?? defaultDataDir(process.platform, process.env, homedir()));
const withData = (command: Command): Command => command.option('--data-dir <folder>', 'where the journal and settings are (default: MILLRACE_DATA_DIR, or the platform\'s place)');
const withJson = (command: Command): Command => command.option('--json', 'print one JSON object');

/**
 * Parses the arguments and carries the verb out. Returns the exit code: 0 done, 1 failed, 2 wrong input or usage, 130 cancelled. Each
 * verb is loaded only when it is called.
 */
export async function execute(args: readonly string[], { spawn, appDir }: Surroundings): Promise<number> {
  const output = guardOutput();
  let code = 0;
  const program = new Command('millrace')
    .description('Draw a graph, run it at the speed of a columnar engine, replay any run event by event.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('Try --help.')
    .allowExcessArguments(false);
  const verb = (name: string, description: string, parent: Command = program): Command => parent.command(name).description(description).allowExcessArguments(false).exitOverride();

  withJson(withData(verb('run <file>', 'Run a workflow file'))).action(async (file: string, flags: Flags) => {
    code = await (await import('./run.ts')).run(file, { dataDir: dataDir(flags), json: flags['json'] === true, spawn });
  });
  withJson(verb('validate <file>', 'Say everything that is wrong with a workflow file')).action(async (file: string, flags: Flags) => {
    code = await (await import('./validate.ts')).validate(file, { json: flags['json'] === true, spawn });
  });
  withJson(withData(verb('runs', 'List runs, newest first')))
    .option('--status <status>', `only runs that are ${RUN_STATUSES.join(', ')}`, runStatus)
    .option('--workflow <id>', 'only runs of this workflow')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 100_000), 50)
    .action(async (flags: Flags) => {
      code = await (await import('./runs.ts')).runs(dataDir(flags), { status: text(flags, 'status'), workflow: text(flags, 'workflow'), limit: whole(flags, 'limit') ?? 50, json: flags['json'] === true });
    });
  withJson(withData(verb('show <run>', "Show a run's state (the start of its id will do)")))
    .option('--at <version>', 'as it was after the event of this version', wholeNumber(1))
    .action(async (run: string, flags: Flags) => {
      code = await (await import('./show.ts')).show(dataDir(flags), run, { at: whole(flags, 'at'), json: flags['json'] === true });
    });
  withJson(verb('nodes', 'List the node types')).action(async (flags: Flags) => {
    code = (await import('./nodes.ts')).nodes(flags['json'] === true);
  });
  const journal = verb('journal', 'Look after the journal');
  for (const [name, description] of [
    ['verify', 'Check every event and compare the projections with them'],
    ['rebuild', 'Make projections and snapshots again from the events'],
    ['stats', 'Count what the journal holds'],
    ['export', 'Write every event as one line of JSON to standard output'],
  ] as const) {
    withJson(withData(verb(name, description, journal))).action(async (flags: Flags) => {
      code = await (await import('./journal.ts')).journal(name, dataDir(flags), flags['json'] === true);
    });
  }
  withJson(verb('preview', 'Say when a cron expression runs, and what the clock does on those days', verb('schedule', 'Look at schedules')))
    .requiredOption('--cron <expression>', '5 or 6 fields, or @daily and the like')
    .requiredOption('--tz <zone>', 'the IANA time zone whose clock it follows')
    .option('--from <time>', 'from this ISO time on, without an offset on the clock of the zone (default: now)')
    .option('--count <n>', 'so many occurrences', wholeNumber(1, 10_000), 10)
    .action(async (flags: Flags) => {
      code = (await import('./schedule.ts')).preview({ cron: text(flags, 'cron') ?? '', timeZone: text(flags, 'tz') ?? '', from: text(flags, 'from'), count: whole(flags, 'count') ?? 10, json: flags['json'] === true }, Date.now());
    });
  withJson(withData(verb('import <file>', 'Copy a workflow file into the library'))).action(async (file: string, flags: Flags) => {
    code = await (await import('./transfer.ts')).importFile(file, { dataDir: dataDir(flags), json: flags['json'] === true, spawn });
  });
  withData(verb('export <id>', "Write a workflow of the library in the file's own form"))
    .option('--out <file>', 'to this file; otherwise to standard output')
    .action(async (id: string, flags: Flags) => {
      code = await (await import('./transfer.ts')).exportWorkflow(id, { dataDir: dataDir(flags), out: text(flags, 'out'), spawn });
    });
  withData(verb('serve', 'Serve the studio on 127.0.0.1'))
    .option('--port <n>', 'on this port; 0 takes a free one', wholeNumber(0, 65_535), 4310)
    .action(async (flags: Flags) => {
      code = await (await import('./serve.ts')).serve({ dataDir: dataDir(flags), port: whole(flags, 'port') ?? 4310, spawn, appDir });
    });

  try {
    await program.parseAsync([...args], { from: 'user' });
    return code === DONE && !output.isWhole() ? FAILED : code;
  } catch (thrown) {
    // Commander has said what is wrong with the usage, or shown the help that was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : INVALID;
    const error = toErrorInfo(thrown);
    printError(error);
    return exitCodeOf(error.code);
  }
}
