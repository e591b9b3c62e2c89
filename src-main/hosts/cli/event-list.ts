import type { StudioEvent } from '#shared/events';
import { moment, printJson, table } from './output.ts';

/** Fields that say too much for a line of a list. */
const LONG: ReadonlySet<string> = new Set(['node', 'workflow', 'runId', 'workflowId', 'workflowName', 'revision', 'key', 'proof', 'outputs']);
const LONGEST = 100;

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : JSON.stringify(value);
}

/** The rest of an event's data as `name value`, shortened. */
function remark(data: object): string {
  const parts = Object.entries(data).flatMap(([name, value]) => (LONG.has(name) || value === null ? [] : [`${name} ${shown(value)}`]));
  const line = parts.join(', ').replaceAll(/\s+/gu, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

/** A run's events, one a line, or all of them as one JSON list. */
export function printEvents(events: readonly StudioEvent[], json: boolean): void {
  if (json) return printJson(events);
  const rows = events.map((event) => [String(event.version), moment(event.at), event.type, 'node' in event.data && event.data.node !== null ? event.data.node : '', remark(event.data)]);
  process.stdout.write(table(['event', 'time', 'type', 'node', ''], rows, [0]));
}
