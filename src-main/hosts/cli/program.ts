import { Command, CommanderError } from 'commander';
import { toErrorInfo } from '#shared/errors';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { addConnectionVerbs } from './connection-verbs.ts';
import { addJournalVerbs } from './journal-verbs.ts';
import { dataDir, text, whole, wholeNumber, withData, withJson } from './options.ts';
import type { Flags } from './options.ts';
import { DONE, exitCodeOf, FAILED, guardOutput, hasAnswered, INVALID, printError, printJson } from './output.ts';
import { addRunVerbs } from './run-verbs.ts';
import { addScheduleVerbs } from './schedule-verbs.ts';
import { VERSION } from '../../version.ts';

/** What the door hands over. */
export interface Surroundings {
  readonly spawn: SpawnWorker;
  /** The folder of the built program: the window lies beside it. */
  readonly appDir: string;
}

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

  addRunVerbs({ verb, spawn, end: (given) => (code = given) });
  withJson(withData(verb('validate <file>', 'Say everything that is wrong with a workflow file; warnings, such as a connection that is not set up here, leave it valid (exit code 0), though it can’t be run here'))).action(async (file: string, flags: Flags) => {
    code = await (await import('./validate.ts')).validate(file, { json: flags['json'] === true, dataDir: dataDir(flags), spawn });
  });
  withJson(verb('nodes', 'List the node types')).action(async (flags: Flags) => {
    code = (await import('./nodes.ts')).nodes(flags['json'] === true);
  });
  addJournalVerbs({ verb, spawn, end: (given) => (code = given) });
  addScheduleVerbs({ verb, spawn, end: (given) => (code = given) });
  addConnectionVerbs({ verb, spawn, end: (given) => (code = given) });
  withJson(withData(verb('import <file>', 'Copy a workflow file into the library, or keep an exported run to be looked at'))).action(async (file: string, flags: Flags) => {
    code = await (await import('./transfer.ts')).importFile(file, { dataDir: dataDir(flags), json: flags['json'] === true, spawn });
  });
  withData(verb('export <id>', 'Write a run as one file without its secrets, or a workflow of the library'))
    .option('--out <file>', 'to this file; otherwise to standard output')
    .option('--no-data', 'of a run: without samples and pinned rows')
    .action(async (id: string, flags: Flags) => {
      code = await (await import('./transfer.ts')).exportOne(id, { dataDir: dataDir(flags), out: text(flags, 'out'), data: flags['data'] !== false, spawn });
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
    if (args.includes('--json') && !hasAnswered()) printJson({ error });
    printError(error);
    return exitCodeOf(error.code);
  }
}
