import type { Text } from '#shared/node-spec';
import { usePreferences } from './preferences.ts';
import type { Preferences } from './preferences.ts';
import { makeFormat } from './format.ts';
import type { Format, Language } from './format.ts';
import { saidByStudio } from './studio-sentences.ts';
import type { Phrase } from './text.ts';

/** How a component speaks: `t(text)`, `t(phrase, …blanks)`, `pick(spec.label)`, and Intl's formats as `f`. */
export interface Speech {
  readonly language: Language;
  readonly f: Format;
  readonly t: {
    (text: Text): string;
    <A extends readonly unknown[]>(phrase: Phrase<A>, ...blanks: A): string;
  };
  /** For texts that come with data: labels of node types and their parameters. */
  readonly pick: (text: Text) => string;
  /** For sentences that the studio wrote down. */
  readonly said: (sentence: string) => string;
}

function makeSpeech(language: Language): Speech {
  const f = makeFormat(language);
  return {
    language,
    f,
    t: <A extends readonly unknown[]>(text: Text | Phrase<A>, ...blanks: A): string => {
      const said = text[language];
      return typeof said === 'string' ? said : said(f, ...blanks);
    },
    pick: (text) => text[language],
    said: (sentence) => saidByStudio(sentence, language),
  };
}

const speeches: Readonly<Record<Language, Speech>> = { en: makeSpeech('en'), zh: makeSpeech('zh') };

/** The language that `system` means on this machine. */
export const systemLanguage = (): Language => (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
const resolve = (preferences: Preferences): Language => (preferences.language === 'system' ? systemLanguage() : preferences.language);

/** The speech of the chosen language; a component that uses it speaks anew when the language changes. */
export const useText = (): Speech => speeches[usePreferences(resolve)];
/** The same outside of components: in commands and toasts. */
export const currentText = (): Speech => speeches[resolve(usePreferences.getState())];
