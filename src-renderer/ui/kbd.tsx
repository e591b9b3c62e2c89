const mac = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');
const MAC_SIGNS: Readonly<Record<string, string>> = { CmdOrCtrl: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Delete: '⌫', Plus: '+', Escape: 'esc' };
const SIGNS: Readonly<Record<string, string>> = { CmdOrCtrl: 'Ctrl', Delete: 'Del', Plus: '+', Enter: '↵', Escape: 'Esc' };

/** `CmdOrCtrl+Shift+S` as the keys are printed on this machine's keyboard. */
export function keySigns(keys: string): string[] {
  const signs = mac ? MAC_SIGNS : SIGNS;
  return keys.split('+').map((key) => signs[key] ?? key);
}

/** A key combination, written as Electron writes them. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <kbd className="inline-flex items-center gap-0.5 font-sans text-2xs text-ink-3">
      {keySigns(keys).map((sign) => (
        <span key={sign} className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-line bg-sunken px-1">
          {sign}
        </span>
      ))}
    </kbd>
  );
}
