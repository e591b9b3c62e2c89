import { join } from 'node:path';
import type { LogLine, RunUpdate } from '#shared/contract/runs';
import type { Sample } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { StudioEvent } from '#shared/events';
import { NodeId } from '#shared/ids';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { isOpened, openedRuns } from '../run-file/opened.ts';
import type { OpenedRuns } from '../run-file/opened.ts';
import { eventsOf, stateOf } from '../run-file/read.ts';
import type { RunContent } from '../run-file/format.ts';
import type { Studio } from '../studio-types.ts';

const shelves = new WeakMap<Studio, OpenedRuns>();

/** The runs that were opened from files in this studio. */
export function openedIn(studio: Studio): OpenedRuns {
  const shelf = shelves.get(studio) ?? openedRuns(join(studio.info.dataDir, 'opened'));
  shelves.set(studio, shelf);
  return shelf;
}

/** What an opened run holds; null for one of the journal. Throws not_found for one that is not kept any more. */
export async function openedRun(studio: Studio, id: RunId): Promise<RunContent | null> {
  if (!isOpened(id)) return null;
  const file = await openedIn(studio).get(id);
  if (file === null) throw new StudioError('not_found', 'The exported run is not kept any more.', { place: id, remedy: 'Open its file again.' });
  return file;
}

/** Throws read_only for a run that was opened from a file: nothing can be done to it. */
export function refuseOpened(...ids: readonly RunId[]): void {
  const id = ids.find((one) => isOpened(one));
  if (id !== undefined) throw new StudioError('read_only', 'This run was opened from a file: it can be looked at, not changed or run again.', { place: id, remedy: 'Import its workflow and run that.' });
}

/** Its state, after the event of version `at` or the last. */
export function openedState(content: RunContent, id: RunId, at?: number): Run {
  const state = stateOf(content, id, at);
  if (state === null) throw new StudioError('not_found', 'The exported run had no state yet.', { place: id });
  return state;
}

export const openedEvents = (content: RunContent, id: RunId, after = 0): StudioEvent[] => eventsOf(content, id).filter((event) => event.version > after);
export const openedConsole = (content: RunContent): LogLine[] => [...content.console];

export function openedSample({ samples }: RunContent, node: string, port: string): Sample | null {
  const ports = Object.hasOwn(samples, node) ? samples[node] : undefined;
  return ports !== undefined && Object.hasOwn(ports, port) ? (ports[port] ?? null) : null;
}

/** All there is of it, in the shape in which a run of the journal is watched. */
export function* openedUpdates(content: RunContent, id: RunId): Generator<RunUpdate> {
  for (const event of eventsOf(content, id)) yield { kind: 'event', event };
  if (content.console.length > 0) yield { kind: 'console', lines: openedConsole(content) };
  for (const [node, ports] of Object.entries(content.samples)) {
    for (const port of Object.keys(ports)) yield { kind: 'sample', node: NodeId.parse(node), port };
  }
}
