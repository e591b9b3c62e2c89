import type { Format } from '../i18n/format.ts';

/** A duration without a last part of nought: `15 min`, not `15 min 0 s`. */
export const wholeSpan = (ms: number, f: Format): string => f.duration(ms).replace(/(?<=[^\d\s]) 0 [^\d\s]+$/u, '');
