import { z } from 'zod';
import { StudioError, toErrorInfo } from '#shared/errors';
import { EVENTS, isOfARun, runStream } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { upcast } from '#shared/run/upcast';
import { isDeeper } from '#shared/workflow/parse';
import { MOST_LEVELS } from '#shared/workflow/read';
import { dataProblem } from '../journal/check-event.ts';
import { contentHash, LARGEST_RUN_FILE, partsOf, RUN_FORMAT, RUN_FORMAT_VERSION, RunFile } from './format.ts';
import type { RunContent } from './format.ts';

/** A workflow is a few levels down in the file. */
const DEEPEST = MOST_LEVELS + 20;
const REMEDY = 'Export the run again, and open that file.';

const refuse = (message: string, detail?: string, remedy = REMEDY): StudioError => new StudioError('invalid_input', message, { remedy, ...(detail === undefined ? {} : { detail }) });

/** Is this text meant to be an exported run, rather than a workflow? Looks at its beginning alone. */
export const looksLikeRun = (text: string): boolean => /^\uFEFF?\s*\{\s*"format"\s*:\s*"millrace-run"/u.test(text.slice(0, 1000));

/**
 * Reads an exported run. Nothing of it is trusted: size, depth, shape, hash and every event are looked at, and the events must make a
 * run. Throws invalid_input, or unsupported for a newer one, with a sentence.
 */
export function readRunFile(text: string): RunFile {
  if (text.length > LARGEST_RUN_FILE) throw refuse(`The file is larger than ${LARGEST_RUN_FILE / 2 ** 20} MiB: no exported run is.`, undefined, 'Choose a file that Millrace exported.');
  const body = text.startsWith('\u{FEFF}') ? text.slice(1) : text;
  if (isDeeper(body, DEEPEST)) throw refuse('The file is nested too deep for an exported run.', undefined, 'Choose a file that Millrace exported.');
  const value = parse(body);
  refuseForeign(value);
  const parsed = RunFile.safeParse(value);
  if (!parsed.success) throw refuse('The exported run is damaged: it does not have the form that it should have.', z.prettifyError(parsed.error).slice(0, 2000));
  // Of what was written, before anything was left out.
  if (contentHash(partsOf(value as RunContent)) !== parsed.data.sha256) throw refuse('The exported run has been changed or damaged since it was written: its content does not fit its checksum.');
  const file = { ...parsed.data, events: parsed.data.events.map((event) => current(event)) };
  refuseDisorder(file);
  return file;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw refuse('The file is not an exported run: it is not JSON, or it was cut off.', String(thrown));
  }
}

function refuseForeign(value: unknown): void {
  const { format, formatVersion } = (typeof value === 'object' && value !== null ? value : {}) as { format?: unknown; formatVersion?: unknown };
  if (format !== RUN_FORMAT) throw refuse('The file is not an exported run.', undefined, 'Choose a file that Millrace exported; a workflow is imported into the library.');
  if (typeof formatVersion === 'number' && formatVersion > RUN_FORMAT_VERSION) {
    throw new StudioError('unsupported', `The run was exported by a newer Millrace (its format is ${formatVersion}, this one knows ${RUN_FORMAT_VERSION}).`, { remedy: 'Install the newer version.' });
  }
}

/** The event in its newest shape. */
function current(event: RunFile['events'][number]): RunFile['events'][number] {
  const { type } = event;
  const { schema } = EVENTS[type];
  try {
    const data = upcast(type, event.schema, event.data, schema);
    const problem = dataProblem(type, data);
    if (problem !== null) throw refuse(`Event ${event.version} of the exported run (${type}) is damaged.`, problem);
    return { ...event, schema, data };
  } catch (thrown) {
    const { code, message, detail } = toErrorInfo(thrown);
    if (code === 'unsupported') throw thrown;
    throw code === 'invalid_input' ? thrown : refuse(`Event ${event.version} of the exported run (${type}) is damaged.`, detail ?? message);
  }
}

/** A node's events beyond any run's; and events that go over all nodes, times nodes. With more, folding them would take minutes. */
const MOST_OF_A_NODE = 5000;
const MOST_PASSES = 20_000_000;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids of the nodes of the workflow that ran. */
function nodesIn({ events: [first] }: RunFile): ReadonlySet<string> {
  const workflow = first?.data['workflow'];
  const nodes: unknown = isObject(workflow) ? workflow['nodes'] : null;
  return new Set(Array.isArray(nodes) ? (nodes as readonly unknown[]).flatMap((node) => (isObject(node) && typeof node['id'] === 'string' ? [node['id']] : [])) : []);
}

/** Events and rows are of nodes that the workflow has, and no more of them than a run can give. */
function refuseStrangers(file: RunFile): void {
  const known = nodesIn(file);
  const counts = new Map<string, number>();
  let passes = 0;
  for (const { version, type, data } of file.events) {
    const { node, repeat = [] } = data as { readonly node?: string | null; readonly repeat?: readonly string[] };
    if (typeof node === 'string') counts.set(node, (counts.get(node) ?? 0) + 1);
    else passes += known.size;
    if ([...(typeof node === 'string' ? [node] : []), ...repeat].some((id) => !known.has(id))) throw refuse(`Event ${version} of the exported run (${type}) is about a node that its workflow does not have.`);
  }
  if (passes > MOST_PASSES || [...counts.values()].some((count) => count > MOST_OF_A_NODE)) throw refuse('The exported run has more events than any run: it can’t be looked at.');
  const stranger = Object.keys(file.samples).find((node) => !known.has(node));
  if (stranger !== undefined) throw refuse('The exported run has rows of a node that its workflow does not have.', stranger.slice(0, 200));
}

/** What would not be a run: events out of order, of something else, or that no state comes of. */
function refuseDisorder(file: RunFile): void {
  file.events.forEach(({ version, type, data }, at) => {
    if (version !== at + 1) throw refuse('The events of the exported run are not complete: they do not follow each other.', `${version} stands in place ${at + 1}`);
    if (!isOfARun({ type }) || (type === 'WorkflowRequested') !== (at === 0)) throw refuse('The events of the exported run are not those of one run.', `${type} stands in place ${at + 1}`);
    if (at === 0 && data['runId'] !== file.run) throw refuse('The events of the exported run are those of another run.');
  });
  refuseStrangers(file);
  for (const [node, ports] of Object.entries(file.samples)) {
    for (const [port, { columns, rows }] of Object.entries(ports)) {
      if (rows.some((row) => row.length !== columns.length)) throw refuse('The exported run is damaged: rows do not fit their columns.', `${node} · ${port}`);
    }
  }
  if (stateOf(file, file.run) === null) throw refuse('The events of the exported run do not make a run.');
}

/** The events as a journal would hold them, under the id that the run is looked at by. */
export function eventsOf(content: RunContent, id: RunId): readonly StudioEvent[] {
  return content.events.map(
    (event) =>
      ({
        ...event,
        data: event.type === 'WorkflowRequested' ? { ...event.data, runId: id } : event.data,
        position: event.version,
        stream: runStream(id),
        correlation: null,
        causation: null,
      }) as unknown as StudioEvent,
  );
}

/** The state after all events, or after that of version `at`. Null where none comes of them. */
export function stateOf(content: RunContent, id: string, at = Number.POSITIVE_INFINITY): Run | null {
  try {
    return replay(eventsOf(content, RunId.parse(id)).filter((event) => event.version <= at));
  } catch {
    return null;
  }
}
