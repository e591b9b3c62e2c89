import type { Text } from '#shared/node-spec';
import type { Format } from './format.ts';

/** A text with blanks: one function a language, handed the language's formats. */
export interface Phrase<A extends readonly unknown[]> {
  readonly en: (format: Format, ...blanks: A) => string;
  readonly zh: (format: Format, ...blanks: A) => string;
}

/** A text in both languages. Leaving one out does not compile. */
export const say = (en: string, zh: string): Text => ({ en, zh });

/** A text with blanks in both languages: `phrase<[rows: number]>((f, rows) => …, (f, rows) => …)`. */
export const phrase = <A extends readonly unknown[]>(en: Phrase<A>['en'], zh: Phrase<A>['zh']): Phrase<A> => ({ en, zh });
