import { describe } from 'vitest';
import { journalFeatures } from './journal.features.ts';
import { createMemoryJournal } from './memory.ts';
import { retentionFeatures } from './retention.features.ts';
import { scheduleFeatures } from './schedules.features.ts';

describe('the journal in memory', () => {
  journalFeatures(createMemoryJournal);
  retentionFeatures(createMemoryJournal);
  scheduleFeatures(createMemoryJournal);
});
