import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import { parseAndCheck } from '#shared/workflow/parse';
import type { Checked } from '#shared/workflow/check';
import type { Registry } from '../../nodes/registry.ts';
import { specsOf } from '../../nodes/registry.ts';
import { ownChecks } from '../../studio.ts';

/** A workflow is written by hand or by a window: what is larger is no workflow, and parsing it would only take memory. */
const LARGEST_BYTES = 64 * 2 ** 20;

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['There is no such file.', 'Check the path.'],
  EISDIR: ['This is a folder, not a workflow file.', 'Name a file in it.'],
  EACCES: ['You may not read this file.', 'Change its permissions.'],
  ENOTDIR: ['A part of the path is a file, not a folder.', 'Check the path.'],
};

export interface WorkflowFile extends Checked {
  /** Absolute. */
  readonly file: string;
  readonly folder: string;
}

/** Reads a workflow's file, Millrace's own form or the seed's, with every problem it has. Throws invalid_input when it can't be read. */
export function readWorkflowFile(path: string, registry: Registry): WorkflowFile {
  const file = resolve(path);
  const text = readText(file);
  return { ...parseAndCheck(text, { specs: specsOf(registry), own: ownChecks(registry), name: basename(file, extname(file)) }), file, folder: dirname(file) };
}

/** A file's text. Throws invalid_input with the place, what is the matter and what to do. */
export function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > LARGEST_BYTES) throw new StudioError('invalid_input', `The file has ${Math.round(size / 2 ** 20)} MiB: that is no workflow.`, { place: file, remedy: 'Choose a workflow file.' });
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof StudioError) throw error;
    if (error instanceof TypeError) throw new StudioError('invalid_input', 'The file is not UTF-8 text.', { place: file, remedy: 'Save it as UTF-8, or choose a workflow file.', cause: error });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const [message, remedy] = REASONS[code] ?? ['The file could not be read.', 'Check the path and the disk.'];
    throw new StudioError('invalid_input', message, { place: file, remedy, detail: String(error), cause: error });
  }
}
