import { StudioError } from '#shared/errors';
import type { JsonObject } from '#shared/json';
import { contentHash, LARGEST_RUN_FILE, partsOf, RUN_FORMAT, RUN_FORMAT_VERSION } from './format.ts';
import type { RunContent, RunFile, RunSamples } from './format.ts';
import { redacted } from './redact.ts';

export interface WriteOptions {
  /** Samples, and the rows of pinned nodes. */
  readonly data: boolean;
  /** Of this Millrace. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Of a run with more rows than fit, this many of each output are tried. */
const FEWER = [Number.POSITIVE_INFINITY, 200, 50, 10, 0];

/**
 * A run as the text of one file, without its secrets. Of rows that would make it too large, fewer are taken along, and their samples
 * say that they are partial. Throws unsupported for a run that is too large without any.
 */
export async function runFileText({ run, events, console, samples: all }: RunContent, { data, version, now }: WriteOptions): Promise<string> {
  const chosen = { run, events: data ? events : events.map(withoutPinned), console, samples: data ? all : {} };
  for (const rows of FEWER) {
    const samples = Number.isFinite(rows) ? fewer(chosen.samples, rows) : chosen.samples;
    if (rows > 0 && lengthOf(samples) > LARGEST_RUN_FILE) continue;
    const parts = partsOf(await redacted({ ...chosen, samples }));
    const head: Omit<RunFile, keyof RunContent> = { format: RUN_FORMAT, formatVersion: RUN_FORMAT_VERSION, exportedAt: new Date(now).toISOString(), millrace: version, sha256: contentHash(parts) };
    const text = `${JSON.stringify(head).slice(0, -1)},${['run', 'events', 'console', 'samples'].map((name, at) => `"${name}":${parts[at]}`).join(',')}}\n`;
    if (Buffer.byteLength(text) <= LARGEST_RUN_FILE) return text;
  }
  throw new StudioError('unsupported', `The run's events alone are larger than ${LARGEST_RUN_FILE / 2 ** 20} MiB: it can't be made one file.`, { place: run, remedy: 'Export the whole journal with `millrace journal export`.' });
}

const fewer = (samples: RunSamples, rows: number): RunSamples =>
  Object.fromEntries(
    Object.entries(samples).map(([node, ports]) => [
      node,
      Object.fromEntries(Object.entries(ports).map(([port, sample]) => [port, sample.rows.length <= rows ? sample : { ...sample, rows: sample.rows.slice(0, rows), partial: true }])),
    ]),
  );

/** About how long the rows are as text. */
const lengthOf = (samples: RunSamples): number =>
  Object.values(samples)
    .flatMap((ports) => Object.values(ports))
    .reduce((sum, { rows }) => sum + rows.reduce((length, row) => length + row.reduce((cells, one) => cells + (one?.length ?? 4) + 3, 2), 0), 0);

/** The columns of a pinned node stay, its rows do not. */
function withoutPinned(event: RunContent['events'][number]): RunContent['events'][number] {
  const workflow = event.type === 'WorkflowRequested' ? (event.data['workflow'] as JsonObject) : null;
  const nodes = workflow?.['nodes'];
  if (workflow === null || !Array.isArray(nodes)) return event;
  const bare = (nodes as readonly JsonObject[]).map((node) => {
    const pin = node['pin'] as JsonObject | undefined;
    if (pin === undefined) return node;
    return { ...node, pin: Object.fromEntries(Object.entries(pin).map(([port, rows]) => [port, { ...(rows as JsonObject), rows: [] }])) };
  });
  return { ...event, data: { ...event.data, workflow: { ...workflow, nodes: bare } } };
}

/** A name for the file that tells which run it holds: workflow, time of request, beginning of the id. */
export function runFileName(name: string, id: string, requestedAt: number): string {
  const stem = name.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/gu, '').slice(0, 60);
  const time = new Date(requestedAt).toISOString().slice(0, 16).replaceAll(':', '');
  return `${stem === '' ? 'run' : stem}-${time}-${id.replaceAll(/[^\w]/gu, '').slice(-6)}.run.json`;
}
