import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import type { CompletionSource } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderText } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { cx, fieldClass } from '../ui/index.ts';

interface CodeFieldProps {
  readonly id: string;
  readonly language: 'sql' | 'json';
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string | undefined;
  readonly invalid: boolean;
  readonly label: string;
  readonly complete?: CompletionSource;
  readonly minLines?: number;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--transform)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--source)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sink)' },
  { tag: [tags.typeName, tags.propertyName, tags.standard(tags.name)], color: 'var(--flow)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
]);
const look = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--font-mono)', padding: '5px 0', caretColor: 'var(--ink)', userSelect: 'text' },
  '.cm-line': { padding: '0 8px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '18px', maxHeight: '260px', overflow: 'auto' },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-matchingBracket': { backgroundColor: 'var(--active) !important', outline: 'none' },
  '.cm-tooltip': { border: 'none', borderRadius: '8px', backgroundColor: 'var(--raised)', boxShadow: 'var(--shadow-high)', overflow: 'hidden' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '12px', padding: '4px', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: '5px', color: 'var(--ink)', display: 'flex', justifyContent: 'space-between', gap: '16px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--hover)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal', fontSize: '10.5px' },
  '.cm-completionIcon': { display: 'none' },
});

/** Text with a language: colours, brackets, completion. The value stays with the form; undo inside the field is the field's. */
export default function CodeField({ id, language, value, onChange, onBlur, placeholder, invalid, label, complete, minLines = 1 }: CodeFieldProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onBlur, complete });
  const attributes = useRef(new Compartment());
  useEffect(() => {
    latest.current = { onChange, onBlur, complete };
  });
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          closeBrackets(),
          bracketMatching(),
          language === 'sql' ? sql({ dialect: PostgreSQL }) : json(),
          syntaxHighlighting(colours),
          look,
          EditorView.lineWrapping,
          placeholderText(placeholder ?? ''),
          attributes.current.of([]),
          autocompletion({ icons: false, activateOnTyping: true, override: [(context) => latest.current.complete?.(context) ?? null] }),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...historyKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
            if (update.focusChanged && !update.view.hasFocus) latest.current.onBlur?.();
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
    // Made once: what changes later comes through the effects below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [language]);
  useEffect(() => {
    const { current } = view;
    const now = current?.state.doc.toString();
    if (current !== null && now !== value) current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: attributes.current.reconfigure(EditorView.contentAttributes.of({ id, 'aria-label': label, 'aria-invalid': String(invalid) })) });
  }, [id, label, invalid]);
  return (
    <div
      ref={box}
      className={cx(fieldClass, 'px-0 focus-within:border-focus focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus', invalid && 'border-failed')}
      style={{ minHeight: minLines * 18 + 12 }}
      onKeyDown={(event) => (event.key.startsWith('Arrow') ? event.stopPropagation() : undefined)}
    />
  );
}
