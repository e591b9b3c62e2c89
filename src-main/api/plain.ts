/** An object's keys that have a value: what a checked input with optional fields means where `undefined` is not one. */
export type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops keys whose value is undefined. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
