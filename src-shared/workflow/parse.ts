import type { NodeSpec } from '#shared/node-spec';
import { checkReading } from '#shared/workflow/check';
import type { Checked, OwnCheck } from '#shared/workflow/check';
import { jsonError } from '#shared/workflow/json-error';
import { problem } from '#shared/workflow/problems';
import { MOST_LEVELS, readWorkflow } from '#shared/workflow/read';
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
  if (body.length > LONG && isDeeper(body, MOST_LEVELS)) return { workflow: null, problems: [problem('too_deep', { limit: String(MOST_LEVELS) })], rest: { nodes: [], edges: [] } };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { workflow: null, problems: [syntaxProblem(body)], rest: { nodes: [], edges: [] } };
  }
  return readWorkflow(value, options.specs, options.name ?? 'Workflow');
}

/** In a longer text the brackets are counted before it is parsed: millions of them take the parser many seconds. In characters. */
const LONG = 1_000_000;

/** Are brackets and braces nested deeper than that anywhere? Those within texts are left out. */
export function isDeeper(text: string, most: number): boolean {
  const [QUOTE, SLASH] = [34, 92];
  let depth = 0;
  let within = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (within) {
      if (sign === SLASH) at += 1;
      else if (sign === QUOTE) within = false;
    } else if (sign === QUOTE) within = true;
    else if (sign === 91 || sign === 123) {
      depth += 1;
      if (depth > most) return true;
    } else if (sign === 93 || sign === 125) depth -= 1;
  }
  return false;
}

/** From text to a workflow and every problem it has. */
export const parseAndCheck = (text: string, options: ParseOptions & { readonly own?: OwnCheck }): Checked => checkReading(parseWorkflow(text, options), options.specs, options.own);

/** A person wants a line, not an offset. */
function syntaxProblem(text: string): Problem {
  const { offset, reason } = jsonError(text);
  const before = text.slice(0, offset);
  return problem('not_json', { reason: reason[0], 'reason:zh': reason[1], line: String(before.split('\n').length), column: String(offset - before.lastIndexOf('\n')) });
}
