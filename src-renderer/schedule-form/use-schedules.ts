import { useMemo } from 'react';
import type { ScheduleView } from '#shared/contract/schedules';
import { readSchedules } from '#shared/schedule/read-schedules';
import { scheduleIdOf } from '#shared/schedule/schedule';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import type { Problem, Workflow } from '#shared/workflow/workflow';
import { useSchedules } from '../app/queries.ts';
import { useDocument, useSession } from '../editor/session.ts';
import { same } from '../stores/edit/delta.ts';
import { itemsOf, keysOfItems } from './items.ts';
import type { Item } from './items.ts';

/** A schedule of the open document, with what the scheduler makes of it. */
export interface OpenSchedule {
  readonly key: string;
  readonly item: Item;
  readonly definition: ScheduleDefinition | null;
  /** Does the file say the same of it? */
  readonly saved: boolean;
  readonly view: ScheduleView | undefined;
}

/** The document's schedules as they stand. */
export function readOpen(workflow: Workflow): { readonly items: readonly Item[]; readonly keys: readonly string[]; readonly definitions: readonly (ScheduleDefinition | null)[]; readonly problems: readonly Problem[] } {
  const items = itemsOf(workflow);
  const { problems } = readSchedules(workflow.metadata['schedule']);
  return { items, keys: keysOfItems(items), definitions: items.map((item) => readSchedules(item).schedules[0] ?? null), problems };
}

/** The schedules of the open document, in their order, and whether this studio runs any. */
export function useOpenSchedules(): { readonly schedules: readonly OpenSchedule[]; readonly problems: readonly Problem[]; readonly running: boolean | undefined } {
  const session = useSession();
  const value = useDocument((state) => state.workflow.metadata['schedule']);
  const kept = useDocument((state) => state.saved.metadata['schedule']);
  const list = useSchedules();
  return useMemo(() => {
    const state = session.document.getState();
    const { items, keys, definitions, problems } = readOpen(state.workflow);
    const saved = readOpen(state.saved);
    const views = new Map<string, ScheduleView>(list.data?.schedules.map((view) => [view.id, view]));
    const schedules = items.map((item, index): OpenSchedule => {
      const key = keys[index] ?? '';
      const before = saved.items[saved.keys.indexOf(key)];
      return { key, item, definition: definitions[index] ?? null, saved: before !== undefined && same(before, item), view: isKey(key) ? views.get(scheduleIdOf(session.id, key)) : undefined };
    });
    return { schedules, problems, running: list.data?.running };
    // oxlint-disable-next-line react/exhaustive-deps -- the document is read anew when one of its two values is another
  }, [session, value, kept, list.data]);
}

const isKey = (key: string): boolean => /^[\w-]{0,60}$/u.test(key);
