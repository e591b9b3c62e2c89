import type { RunUpdate } from '#shared/contract/runs';
import { runStream } from '#shared/events';
import type { NewEvent, StudioEvent } from '#shared/events';
import type { NodeId, RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Journal, LogLine } from '../journal/journal.ts';

/** What one run has in the journal, as the one who writes it sees it: each append goes after the last one, or not at all. */
export interface Pages {
  /** Of the last event written; 0 where nothing has been. */
  readonly version: number;
  readonly append: (events: readonly NewEvent[]) => readonly StudioEvent[];
  /** Appends, then tells those who watch. */
  readonly write: (events: readonly NewEvent[]) => void;
  /** Lines of a node's console, with the attempt that is going. */
  readonly log: (run: Run, node: NodeId, level: LogLine['level'], texts: readonly string[], at: number) => void;
}

export function createPages(journal: Journal, id: RunId, found: number, tell: (update: RunUpdate) => void): Pages {
  const stream = runStream(id);
  let version = found;
  const append = (events: readonly NewEvent[]): readonly StudioEvent[] => {
    const kept = journal.append(stream, version === 0 ? 'none' : version, events);
    version += events.length;
    return kept;
  };
  return {
    append,
    get version() {
      return version;
    },
    write(events) {
      if (events.length === 0) return;
      for (const event of append(events)) tell({ kind: 'event', event });
    },
    log(run, node, level, texts, at) {
      const attempt = run.nodes[node]?.attempts.at(-1)?.attempt ?? null;
      const lines = texts.map((text): LogLine => ({ node, at, level, text, attempt, version }));
      journal.log(id, lines);
      tell({ kind: 'console', lines });
    },
  };
}
