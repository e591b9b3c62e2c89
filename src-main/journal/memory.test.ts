import { describe } from 'vitest';
import { journalFeatures } from './journal.features.ts';
import { createMemoryJournal } from './memory.ts';

describe('the journal in memory', () => journalFeatures(createMemoryJournal));
