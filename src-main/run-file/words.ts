import { z } from 'zod';
import { EVENTS } from '#shared/events';
import { Workflow } from '#shared/workflow/workflow';
import { RunFile } from './format.ts';

function collect(schema: unknown, words: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) return schema.forEach((one) => collect(one, words));
  const { properties, enum: choices, const: only, ...rest } = schema as Readonly<Record<string, unknown>>;
  for (const word of [...(Array.isArray(choices) ? choices : []), only, ...(typeof properties === 'object' && properties !== null ? Object.keys(properties) : [])]) if (typeof word === 'string') words.add(word);
  for (const inner of [...Object.values(properties ?? {}), ...Object.values(rest)]) collect(inner, words);
}

let known: ReadonlySet<string> | null = null;

/** Every name and choice that the form of events, workflows and run files prescribes: without them a file could not be read. */
export function formWords(): ReadonlySet<string> {
  if (known !== null) return known;
  const words = new Set<string>(Object.keys(EVENTS));
  for (const schema of [RunFile, Workflow, ...Object.values(EVENTS).map(({ data }) => data)]) collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), words);
  known = words;
  return words;
}
