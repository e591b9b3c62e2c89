import { create } from 'zustand';
import type { Settings } from '#shared/contract/studio';

/** The two settings that the first frame needs. Kept in the browser so that it is painted right; the studio's settings decide. */
export interface Preferences {
  readonly language: Settings['language'];
  readonly theme: Settings['theme'];
}

const KEY = 'millrace:preferences';

function remembered(): Preferences {
  const fallback: Preferences = { language: 'system', theme: 'system' };
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? fallback : { ...fallback, ...(JSON.parse(text) as Partial<Preferences>) };
  } catch {
    return fallback;
  }
}

export const usePreferences = create<Preferences>(() => remembered());

/** Changes language and theme at once, in this window. */
export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()));
}

function apply({ language, theme }: Preferences): void {
  const root = document.documentElement;
  const chinese = language === 'zh' || (language === 'system' && navigator.language.toLowerCase().startsWith('zh'));
  root.lang = chinese ? 'zh-CN' : 'en';
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}

/** Puts the preferences on <html>: `lang` chooses the right CJK glyphs, `data-theme` the colours. */
export function applyPreferences(): () => void {
  apply(usePreferences.getState());
  return usePreferences.subscribe(apply);
}
