import type { NodeSpec } from '#shared/node-spec';
import type { JsonObject } from '#shared/json';
import { problem } from '#shared/workflow/problems';
import { fromSeed } from '#shared/workflow/seed';
import { called } from '#shared/workflow/check-config';
import { FORMAT_VERSION } from '#shared/workflow/workflow';
import type { Problem } from '#shared/workflow/workflow';

/** What a step may know besides the file. */
export interface MigrationContext {
  readonly specs: readonly NodeSpec[];
  /** The workflow's name where the file has none: the file's own. */
  readonly name: string;
}

export interface Migrated {
  readonly value: JsonObject;
  /** What was read differently from how it stands. */
  readonly problems: readonly Problem[];
}

interface Step {
  /** The version a file has afterwards. */
  readonly to: number;
  readonly name: string;
  up(value: JsonObject, context: MigrationContext): Migrated;
}

/** Numbered without gaps, oldest first. A file without `formatVersion` is the seed's, version 0. */
export const STEPS: readonly Step[] = [{ to: 1, name: "the seed's shape", up: fromSeed }];

/** Brings a file up to FORMAT_VERSION, or says why it can't: then `value` is null. */
export function migrate(file: JsonObject, context: MigrationContext): Migrated | { readonly value: null; readonly problems: readonly Problem[] } {
  const version = file['formatVersion'] ?? 0;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0) {
    return { value: null, problems: [problem('wrong_format_version', { found: called(version), known: String(FORMAT_VERSION) }, { field: 'formatVersion' })] };
  }
  if (version > FORMAT_VERSION) {
    return { value: null, problems: [problem('newer_format', { found: String(version), known: String(FORMAT_VERSION) }, { field: 'formatVersion' })] };
  }
  let value = file;
  const problems: Problem[] = [];
  for (const step of STEPS.slice(version)) {
    const done = step.up(value, context);
    value = { ...done.value, formatVersion: step.to };
    problems.push(...done.problems);
  }
  return { value, problems };
}
