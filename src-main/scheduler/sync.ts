import { isDeepStrictEqual } from 'node:util';
import type { RefusedSchedule } from '#shared/contract/schedules';
import { scheduleStream, workflowStream } from '#shared/events';
import type { ScheduleId, WorkflowId } from '#shared/ids';
import type { Json } from '#shared/json';
import { readSchedules } from '#shared/schedule/read-schedules';
import type { ReadSchedules } from '#shared/schedule/read-schedules';
import { scheduleIdOf } from '#shared/schedule/schedule';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import type { ScheduledFile } from '../studio-types.ts';
import type { Core, Fact } from './core.ts';
import type { Live } from './live.ts';

/** What the workflow files say, against what is in force. */
export interface Sync {
  /** Looks at the library and writes down what has changed. Throws where it can't be read: then all stays in force. */
  look(): Promise<void>;
  readonly refused: readonly RefusedSchedule[];
  /** Where a workflow's file was last seen. */
  pathOf(workflow: WorkflowId): string | null;
}

/** A schedule as a file says it. */
interface Said {
  readonly id: ScheduleId;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly path: string;
  readonly definition: ScheduleDefinition;
}

export interface SyncParts {
  /** What passed until now and is not settled, as what is to be written of it before the definition changes. */
  readonly passed: (live: Live) => Promise<readonly Fact[]>;
  /** What a watch would find now; null for the other kinds and where nothing can be read. */
  readonly seen: (definition: ScheduleDefinition, path: string) => Promise<string | null>;
}

/** So many share a commit; then others have their turn. */
const SHARED = 100;
/** So many files are read before others have their turn. */
const SLICE = 20;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export function createSync(core: Core, { passed, seen }: SyncParts): Sync {
  const { journal, library, clock, breathe } = core.options;
  let refused: readonly RefusedSchedule[] = [];
  const paths = new Map<string, string>();
  /** What a file says → what is in force and is the same. */
  const same = new WeakMap<ScheduleDefinition, ScheduleDefinition>();

  /** The file a workflow was in, by what was seen, or else by what the journal says of its last save. */
  const lastPath = (workflow: WorkflowId): string | null => {
    const known = paths.get(workflow);
    if (known !== undefined) return known;
    const last = journal.read(workflowStream(workflow)).at(-1);
    return last?.type === 'WorkflowSaved' || last?.type === 'WorkflowImported' || last?.type === 'WorkflowDeleted' ? last.data.path : null;
  };

  /** A file that can't be read just now may be anybody's whose own file is not there: that schedule stays in force. */
  const mayBeIn = (workflow: WorkflowId, unreadable: ReadonlySet<string>): boolean => {
    if (unreadable.size === 0) return false;
    const path = lastPath(workflow);
    return path === null || unreadable.has(path);
  };

  const create = async (said: Said): Promise<() => void> => {
    const found = await seen(said.definition, said.path);
    return () => {
      if (core.lives.has(said.id)) return;
      // One that was there before begins where it had come to: nothing runs twice, even where the clock was set back.
      const before = journal.schedule(said.id);
      const expected = before?.version ?? 'none';
      const fact: Fact = { type: 'ScheduleCreated', data: { workflowName: said.workflowName, definition: said.definition, cursor: Math.max(clock(), before?.cursor ?? 0), ...(found === null ? {} : { seen: found }) } };
      journal.append(scheduleStream(said.id), expected, [core.event(said, fact)]);
    };
  };

  const edit = async (live: Live, said: Said): Promise<(() => void) | null> => {
    const { state } = live;
    const isSame = same.get(said.definition) === state.definition || isDeepStrictEqual(plain(said.definition), plain(state.definition));
    if (isSame) same.set(said.definition, state.definition);
    if (isSame && said.workflowName === state.workflowName) return null;
    // Another name is no other time: what waits for its settling still does.
    if (isSame) return () => core.write(live.state, [{ type: 'ScheduleEdited', data: { workflowName: said.workflowName, definition: said.definition, cursor: live.state.cursor } }]);
    const found = await seen(said.definition, said.path);
    const before = await passed(live);
    if (live.state !== state) return edit(live, said);
    const fact: Fact = { type: 'ScheduleEdited', data: { workflowName: said.workflowName, definition: said.definition, cursor: clock(), ...(found === null ? {} : { seen: found }) } };
    return () => core.write(state, [...before, fact]);
  };

  const remove = (live: Live, reason: string) => (): void => {
    if (!live.state.deleted) core.write(live.state, [{ type: 'ScheduleDeleted', data: { reason } }]);
  };

  /** One that somebody has changed meanwhile is left to the next look. */
  const writeAll = async (changes: readonly (() => void)[]): Promise<boolean> => {
    let all = true;
    for (let from = 0; from < changes.length; from += SHARED) {
      journal.together(() => {
        for (const change of changes.slice(from, from + SHARED)) {
          try {
            change();
          } catch (thrown) {
            if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'conflict')) throw thrown;
            all = false;
          }
        }
      });
      await breathe();
      if (core.closing) return true;
    }
    return all;
  };

  const lookOnce = async (): Promise<boolean> => {
    const files = await (await library()).schedules();
    const { said, problems } = await readAll(files, breathe);
    refused = problems;
    const unreadable = new Set(files.filter((file) => file.revision === null).map((file) => file.path));
    const readable = new Set(files.filter((file) => file.revision !== null).map((file) => file.workflowId));
    const broken = new Set(problems.map((one) => one.workflowId));
    const changes: (() => void)[] = [];
    for (const live of core.lives.values()) {
      const { id, workflowId } = live.state;
      if (said.has(id) || broken.has(workflowId)) continue;
      if (readable.has(workflowId)) changes.push(remove(live, 'It is no longer in its workflow’s file.'));
      else if (!mayBeIn(workflowId, unreadable)) changes.push(remove(live, 'Its workflow’s file is gone.'));
    }
    for (const [n, one] of [...said.values()].entries()) {
      const live = core.lives.get(one.id);
      const change = live === undefined ? await create(one) : await edit(live, one);
      if (change !== null) changes.push(change);
      if (n % SHARED === SHARED - 1) await breathe();
    }
    for (const file of files) if (file.revision !== null) paths.set(file.workflowId, file.path);
    return writeAll(changes);
  };

  const lookAll = async (): Promise<void> => {
    while (!core.closing && !(await lookOnce())) await breathe();
  };
  let turn: Promise<void> = Promise.resolve();
  return {
    look() {
      const mine = turn.then(lookAll);
      turn = mine.catch(() => undefined);
      return mine;
    },
    get refused() {
      return refused;
    },
    pathOf: (workflow) => paths.get(workflow) ?? lastPath(workflow),
  };
}

/** What files say that have not changed since is read once: theirs is the same object then. */
const known = new WeakMap<object, ReadSchedules>();
function readOnce(schedule: Json): ReadSchedules {
  if (typeof schedule !== 'object' || schedule === null) return readSchedules(schedule);
  const found = known.get(schedule) ?? readSchedules(schedule);
  known.set(schedule, found);
  return found;
}

/** What all files say. A file with a mistake in it says nothing: what it had said before stays. */
async function readAll(files: readonly ScheduledFile[], breathe: () => Promise<void>): Promise<{ readonly said: ReadonlyMap<ScheduleId, Said>; readonly problems: readonly RefusedSchedule[] }> {
  const said = new Map<ScheduleId, Said>();
  const problems: RefusedSchedule[] = [];
  for (const [n, { workflowId, name, path, revision, schedule }] of files.entries()) {
    if (n % SLICE === SLICE - 1) await breathe();
    if (revision === null || schedule === undefined) continue;
    const found = readOnce(schedule);
    if (found.problems.some((one) => one.severity === 'error')) {
      problems.push({ workflowId, workflowName: name, path, problems: [...found.problems] });
      continue;
    }
    for (const definition of found.schedules) {
      const id = scheduleIdOf(workflowId, definition.key);
      said.set(id, { id, workflowId, workflowName: name, path, definition });
    }
  }
  return { said, problems };
}
