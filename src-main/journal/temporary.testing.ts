import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'millrace-journal-'));
// Here, not in the function: what a running test registers is not kept.
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A new folder inside one that goes when the test file is done. */
export const temporaryFolder = (): string => mkdtempSync(join(root, 'f-'));
