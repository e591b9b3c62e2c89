import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EVENTS } from '#shared/events';
import type { EventType, NewEvent } from '#shared/events';
import type { JsonObject } from '#shared/json';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { upcast } from '#shared/run/upcast';
import { hold } from './advance.ts';
import type { RunPlan } from './command.ts';
import { STORIES } from './histories.testing.ts';
import { instantAt, play } from './scenario.testing.ts';
import type { Played } from './scenario.testing.ts';

/**
 * Golden histories: a folder a released schema of events, in it one file a story, one line a step: what had happened (`facts`), who had
 * waited long enough (`awake`), what recovery or a person wanted (`first`), what the engine made of it (`commands`, and all `events` of
 * that append). They are replayed, never written anew, except one of the present schema that is missing: that is recorded from its script.
 */
type Line = Omit<Played, 'run'> & { readonly at: number };
interface History {
  readonly plan: RunPlan;
  readonly lines: readonly Line[];
  readonly state: Run;
}

const SCHEMA = 2;
const folder = (schema: number): URL => new URL(`histories/${schema}/`, import.meta.url);
const stories = (schema: number): readonly string[] => (existsSync(folder(schema)) ? readdirSync(folder(schema)).filter((name) => name.endsWith('.jsonl')) : []);

function read(schema: number, name: string): History {
  const [head, ...rest] = readFileSync(new URL(name, folder(schema)), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Partial<Line> & { plan?: RunPlan; state?: Run });
  const state = rest.pop()?.state;
  if (head?.plan === undefined || state === undefined) throw new Error(`${name} does not start with a plan and end with a state.`);
  return { plan: head.plan, lines: rest as readonly Line[], state };
}

/** All events of a story. The facts of its first step are its request; those of the others stand among the step's events. */
const eventsOf = ({ lines }: History): readonly NewEvent[] => lines.flatMap(({ facts, events }, index) => (index === 0 ? [...facts, ...events] : events));

mkdirSync(folder(SCHEMA), { recursive: true });
for (const [name, story] of Object.entries(STORIES)) {
  const file = new URL(`${name}.jsonl`, folder(SCHEMA));
  if (existsSync(file)) continue;
  const world = play(story.plan, undefined, story.origin ?? null);
  const lines = story.reports.map(([at, report]): Line => {
    const { run: _run, ...played } = world.report(report, at);
    return { at, ...played };
  });
  writeFileSync(file, [{ plan: story.plan }, ...lines, { state: world.state() }].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test.each(stories(SCHEMA))('%s replays to the same commands, events and state', (name) => {
  const history = read(SCHEMA, name);
  const [request] = history.lines;
  const begun = replay(request?.facts ?? []);
  if (begun === null) throw new Error(`${name} does not start with WorkflowRequested.`);
  const held = hold(begun, history.plan);
  for (const [index, { at, facts, awake, first, commands, events }] of history.lines.entries()) {
    const own = events.slice(index === 0 ? 0 : facts.length).map((event) => event.id);
    for (const node of awake) held.wake(node);
    const step = held.step(index === 0 ? [] : facts, instantAt(at, () => own.shift() ?? 'one more than was recorded'), () => first);
    expect(step.commands).toEqual(commands);
    expect(step.events).toEqual(events);
  }
  expect(held.run()).toEqual(history.state);
  expect(replay(eventsOf(history))).toEqual(history.state);
});

test.each(stories(1))('%s of the first schema is upcast and folds to the state it had, and to the one pinned since', (name) => {
  const history = read(1, name);
  const events = eventsOf(history).map((event) => {
    const { schema, data } = EVENTS[event.type];
    const known = upcast(event.type, 1, event.data as JsonObject, schema);
    expect(data.safeParse(known).error).toBeUndefined();
    return { ...event, data: known } as NewEvent;
  });
  const run = replay(events);
  expect(run).toMatchObject(history.state);
  const pinned = new URL(`${name.replace('.jsonl', '')}.state.json`, folder(1));
  if (!existsSync(pinned)) writeFileSync(pinned, `${JSON.stringify(run)}\n`);
  expect(run).toEqual(JSON.parse(readFileSync(pinned, 'utf8')));
});

test('every event a run can have is in a history', () => {
  const seen = new Set(stories(SCHEMA).flatMap((name) => eventsOf(read(SCHEMA, name)).map((event) => event.type)));
  const ofRuns = Object.keys(EVENTS).filter((type) => type.startsWith('Node') || (type.startsWith('Workflow') && !['WorkflowSaved', 'WorkflowImported', 'WorkflowDeleted'].includes(type)));
  expect(ofRuns.filter((type) => !seen.has(type as EventType))).toEqual([]);
});
