import type { Sample } from '#shared/data';
import { Pin } from '#shared/workflow/workflow';
import type { WorkflowNode } from '#shared/workflow/workflow';

/** Characters of rows a pin may hold: it lives in the workflow's file, in its draft and in the undo history. */
export const PIN_CHARACTERS = 1_000_000;

/** Pinned rows, and whether there were more than are kept. */
export interface Pinned {
  readonly pin: Pin;
  readonly rows: number;
  readonly partial: boolean;
}

/** The first rows that take no more than so many characters as JSON. */
function fitting(rows: Sample['rows'], characters: number): Sample['rows'] {
  let left = characters;
  const cut = rows.findIndex((row) => {
    left -= row.reduce((sum, value) => sum + (value?.length ?? 4) + 3, 2);
    return left < 0;
  });
  return cut === -1 ? rows : rows.slice(0, cut);
}

/** Samples of a node's outputs as a pin, by port. Each port has its share of what a file should hold; its first rows are kept. */
export function pinOf(samples: ReadonlyMap<string, Sample>): Pinned {
  const ports = [...samples].map(([port, { columns, rows, partial }]) => {
    const kept = fitting(rows, PIN_CHARACTERS / samples.size);
    return { port, columns, rows: kept, partial: partial || kept.length < rows.length };
  });
  return {
    pin: Object.fromEntries(ports.map(({ port, columns, rows }) => [port, { columns, rows }])),
    rows: rowsOf(ports),
    partial: ports.some((one) => one.partial),
  };
}

const rowsOf = (ports: readonly { readonly rows: readonly unknown[] }[]): number => ports.reduce((sum, { rows }) => sum + rows.length, 0);
const counted = new WeakMap<object, number>();

/** How many rows stand in for running a node; null where none are pinned. A pin of another shape, from an older file, counts as no rows. */
export function pinnedRows(node: WorkflowNode): number | null {
  const { pin } = node;
  if (pin === undefined) return null;
  const known = counted.get(pin);
  if (known !== undefined) return known;
  const read = Pin.safeParse(pin);
  const rows = read.success ? rowsOf(Object.values(read.data)) : 0;
  counted.set(pin, rows);
  return rows;
}
