import { existsSync } from 'node:fs';
import { StudioError } from '#shared/errors';
import type { Journal } from '../../journal/journal.ts';
import { acquireLock } from '../../journal/lock.ts';
import { createJournal } from '../../journal/sqlite.ts';
import { journalFile } from '../../studio.ts';

/** Lets `use` look at a journal, also while a studio is writing it. Throws not_found where there is none. */
export async function reading<T>(dataDir: string, use: (journal: Journal) => T | Promise<T>): Promise<T> {
  refuseMissing(dataDir);
  const journal = createJournal({ path: journalFile(dataDir), readOnly: true });
  try {
    return await use(journal);
  } finally {
    journal.close();
  }
}

/** As `reading`, for what changes it: only while no studio has it open. */
export async function writing<T>(dataDir: string, use: (journal: Journal) => T | Promise<T>): Promise<T> {
  refuseMissing(dataDir);
  const lock = acquireLock(dataDir);
  try {
    const journal = createJournal({ path: journalFile(dataDir) });
    try {
      return await use(journal);
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
  }
}

function refuseMissing(dataDir: string): void {
  if (!existsSync(journalFile(dataDir))) throw new StudioError('not_found', 'There is no journal in this data folder: nothing has run here yet.', { place: dataDir, remedy: 'Run a workflow first, or name another folder with --data-dir.' });
}
