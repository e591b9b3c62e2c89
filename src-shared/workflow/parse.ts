import type { NodeSpec } from '#shared/node-spec';
import { checkReading } from '#shared/workflow/check';
import type { Checked, OwnCheck } from '#shared/workflow/check';
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
  } catch (thrown) {
    return { workflow: null, problems: [syntaxProblem(body, thrown)], rest: { nodes: [], edges: [] } };
  }
  return readWorkflow(value, options.specs, options.name ?? 'Workflow');
}

/** From text to a workflow and every problem it has. */
export const parseAndCheck = (text: string, options: ParseOptions & { readonly own?: OwnCheck }): Checked => checkReading(parseWorkflow(text, options), options.specs, options.own);

/** JSON.parse tells an offset in the text, or that the text ended; a person wants a line. */
function syntaxProblem(text: string, thrown: unknown): Problem {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const offset = Number(/at position (\d+)/u.exec(said)?.[1] ?? (said.includes('end of JSON') ? text.length : offsetOf(text, said)));
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const reason = said.includes('end of JSON') || offset >= text.length ? 'the text ends too early' : (/^(.*?)(?: in JSON| at position|, ")/u.exec(said)?.[1] ?? said).replace(/^(?:Unexpected|Expected)/u, (word) => word.toLowerCase());
  return problem('not_json', { reason, line: String(line), column: String(column) });
}

/** For a wrong token V8 quotes the text around it instead of telling where it is. */
function offsetOf(text: string, said: string): number {
  const [, token = '', quoted = ''] = /Unexpected token '(.+?)', (?:\.\.\.)?"(.*?)"(?:\.\.\.)? is not valid JSON/su.exec(said) ?? [];
  const start = quoted === '' ? -1 : text.indexOf(quoted);
  if (start < 0) return 0;
  // The token stands in the middle of what is quoted, or after what was still right.
  const whole = quoted.length === text.length;
  return start + (whole ? Math.max(0, quoted.indexOf(token)) : Math.min(10, Math.max(0, quoted.lastIndexOf(token))));
}
