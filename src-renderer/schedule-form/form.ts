import { createContext, useContext } from 'react';
import type { Json } from '#shared/json';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import { isTimeZone } from '#shared/schedule/zone';
import type { Item } from './items.ts';

/** What is wrong with a field, in the window's language. */
export interface FieldProblem {
  readonly message: string;
  readonly remedy: string;
  readonly severity: 'error' | 'warning';
}

/** What the fields of one schedule share. */
export interface ScheduleForm {
  readonly item: Item;
  /** Null while something in it is broken. */
  readonly definition: ScheduleDefinition | null;
  /** Changes keys of it; undefined takes one out. Changes `about` the same, close in time, are one step to undo. */
  readonly put: (patch: Readonly<Record<string, Json | undefined>>, about: string) => void;
  /** Puts another one in its place. */
  readonly replace: (item: Item) => void;
  readonly problemAt: (field: string) => FieldProblem | null;
  readonly now: number;
}

export const ScheduleFormContext = createContext<ScheduleForm | null>(null);

/** The form that a field of a schedule stands in. */
export function useScheduleForm(): ScheduleForm {
  const form = useContext(ScheduleFormContext);
  if (form === null) throw new Error('A field of a schedule stands outside of its form.');
  return form;
}

/** A key as a text field shows it: what is no text is shown as JSON. */
export const textAt = (item: Item, key: string): string => {
  const value = item[key];
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
};

/** A key's value where it is one of those that are offered, else the standard one. */
export const optionAt = <V extends string>(item: Item, key: string, options: readonly V[], standard: V): V => options.find((option) => option === item[key]) ?? standard;

/** The zone that a schedule's times are shown in. */
export const zoneAt = ({ item, definition }: Pick<ScheduleForm, 'item' | 'definition'>): string => (definition !== null && 'timeZone' in definition.times ? definition.times.timeZone : undefined) ?? (typeof item['timeZone'] === 'string' && isTimeZone(item['timeZone']) ? item['timeZone'] : 'UTC');
