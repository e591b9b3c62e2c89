import type { NodeSpec } from '#shared/node-spec';
import { checkReading } from '#shared/workflow/check';
import type { Checked, OwnCheck } from '#shared/workflow/check';
import { jsonError } from '#shared/workflow/json-error';
import { problem } from '#shared/workflow/problems';
import { readWorkflow } from '#shared/workflow/read';
import type { Reading } from '#shared/workflow/read';
import type { Problem } from '#shared/workflow/workflow';

export interface ParseOptions {
  readonly specs: readonly NodeSpec[];
  /** The workflow's name where the text gives none: the file's own, without its ending. */
  readonly name?: string;
}

/** From text to a workflow: JSON, shape, migration, the seed's format. The graph and the forms are not looked at: see `parseAndCheck`. */
export function parseWorkflow(text: string, options: ParseOptions): Reading {
  // A byte order mark is no part of JSON, but editors write it.
  const body = text.startsWith('\u{FEFF}') ? text.slice(1) : text;
  if (body.trim() === '') return { workflow: null, problems: [problem('empty_file', {})], rest: { nodes: [], edges: [] } };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { workflow: null, problems: [syntaxProblem(body)], rest: { nodes: [], edges: [] } };
  }
  return readWorkflow(value, options.specs, options.name ?? 'Workflow');
}

/** From text to a workflow and every problem it has. */
export const parseAndCheck = (text: string, options: ParseOptions & { readonly own?: OwnCheck }): Checked => checkReading(parseWorkflow(text, options), options.specs, options.own);

/** A person wants a line, not an offset. */
function syntaxProblem(text: string): Problem {
  const { offset, reason } = jsonError(text);
  const before = text.slice(0, offset);
  return problem('not_json', { reason: reason[0], 'reason:zh': reason[1], line: String(before.split('\n').length), column: String(offset - before.lastIndexOf('\n')) });
}
