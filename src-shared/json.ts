import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Is there nothing in it but what JSON can hold? Looks at each part once and copies nothing: fifty megabytes of rows take a blink. */
function isJson(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (one === null || typeof one === 'string' || typeof one === 'boolean') continue;
    if (typeof one === 'number') {
      if (!Number.isFinite(one)) return false;
    } else if (Array.isArray(one)) {
      for (const item of one) open.push(item);
    } else if (typeof one === 'object') {
      const made: unknown = Object.getPrototypeOf(one);
      if (made !== Object.prototype && made !== null) return false;
      // An own key without a value is left out by JSON.stringify, and as good as not there.
      for (const item of Object.values(one)) if (item !== undefined) open.push(item);
    } else return false;
  }
  return true;
}

const NOT_JSON = 'a JSON value';

/** Any JSON value, kept as it is. */
export const Json = z.unknown().refine(isJson, NOT_JSON) as unknown as z.ZodType<Json>;
export const JsonObject = z.record(z.string(), z.unknown()).refine(isJson, NOT_JSON) as unknown as z.ZodType<JsonObject>;
