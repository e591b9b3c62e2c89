import { printEvents } from './event-list.ts';
import { DONE, moment, print, printJson } from './output.ts';
import { printQuestion } from './question.ts';
import { lastLines, printRun, runJson } from './run-report.ts';
import { printStory } from './run-story.ts';
import { shownRun } from './shown-run.ts';

export interface ShowOptions {
  readonly at: number | undefined;
  readonly events: boolean;
  readonly json: boolean;
}

/** A run of the journal, or one that was exported to a file: its state after all events or after that of version `at`, or its events. */
export async function show(dataDir: string, run: string, { at, events: list, json }: ShowOptions): Promise<number> {
  const { state, events, lines } = await shownRun(dataDir, run, at);
  const told = events.filter((event) => event.version <= state.version);
  // A line of an older journal does not say when it was written: it is shown at the end alone.
  const said = state.version === events.length ? lines : lines.filter((line) => line.version > 0 && line.version <= state.version);
  if (list) printEvents(told, json);
  else if (json) {
    printJson({ ...runJson(state, said), version: state.version, requestedAt: state.requestedAt, startedAt: state.startedAt, endedAt: state.endedAt, trigger: state.trigger, revision: state.revision, file: state.file });
  } else {
    print(`Asked for ${moment(state.requestedAt)} (${state.trigger.kind})${state.file === null ? '' : ` from ${state.file}`}; after event ${state.version}${at === undefined ? '' : ` of ${events.length}`}.\n`);
    printStory(state, told);
    for (const line of lastLines(said, state)) print(`${line.text}\n`);
    printRun(state);
    printQuestion(state);
  }
  return DONE;
}
