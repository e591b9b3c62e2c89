import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { CircleCheck, CircleX } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Column } from '#shared/data';
import { useText } from '../i18n/use-text.ts';
import { fieldClass, Spinner } from '../ui/index.ts';
import { functions, keywords, queryKeywords } from './functions.ts';
import { placeholderOf, textOf, useForm } from './widget.ts';
import type { Tried, WidgetProps } from './widget.ts';
import { words } from './words.ts';

const CodeField = lazy(() => import('./code-field.tsx'));
/** Milliseconds of quiet before an expression is tried. */
const QUIET_MS = 350;

const quoted = (name: string): string => (/^[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** What completion offers at a place: columns first, then functions and words. */
function completions(columns: readonly Column[], query: boolean, context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/"?[\p{L}_][\p{L}\p{N}_ ]*$|[\p{L}_][\p{L}\p{N}_]*$/u) ?? context.matchBefore(/[\p{L}\p{N}_"]*/u);
  const last = context.matchBefore(/"?[\p{L}_][\p{L}\p{N}_]*/u);
  if (word === null || (last === null && !context.explicit)) return null;
  return {
    from: last?.from ?? context.pos,
    validFor: /^"?[\p{L}\p{N}_]*$/u,
    options: [
      ...columns.map((column) => ({ label: quoted(column.name), detail: column.type, boost: 50 })),
      ...functions.map(([name, call]) => ({ label: name, detail: call, apply: `${name}(`, boost: 0 })),
      ...(query ? [...queryKeywords, ...keywords] : keywords).map((label) => ({ label, boost: -10 })),
    ],
  };
}

function Result({ tried, condition }: { readonly tried: Tried | null | 'trying'; readonly condition: boolean }) {
  const { t } = useText();
  if (tried === null) return null;
  if (tried === 'trying') {
    return (
      <p className="flex items-center gap-1.5 text-xs text-ink-3">
        <Spinner className="size-3" />
        {t(words.trying)}
      </p>
    );
  }
  if (tried.kind === 'error') {
    return (
      <p role="alert" className="selectable flex items-start gap-1.5 text-xs text-failed">
        <CircleX className="mt-0.5 size-3 shrink-0" />
        <span className="min-w-0 [overflow-wrap:anywhere] whitespace-pre-wrap">{tried.message}</span>
      </p>
    );
  }
  const passing = tried.values.filter((value) => value === 'true').length;
  return (
    <div aria-label={t(words.result)} className="flex flex-col gap-1 rounded-md bg-sunken px-2 py-1.5 text-xs">
      <span className="flex items-center gap-1.5 text-ink-2">
        <CircleCheck className="size-3 shrink-0 text-completed" />
        {condition ? t(words.passing, passing, tried.values.length) : <span className="font-mono text-2xs text-ink-3">{tried.type}</span>}
      </span>
      {condition || tried.values.length === 0 ? null : (
        <span className="selectable truncate font-mono text-2xs text-ink" title={tried.values.map((value) => value ?? 'NULL').join('\n')}>
          {tried.values.map((value) => value ?? 'NULL').join('  ·  ')}
        </span>
      )}
    </div>
  );
}

/** A SQL expression over the input's columns, tried on the first rows while it is typed. */
export function ExpressionWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'expression'>) {
  const { pick } = useText();
  const { columns, tryExpression, meaning } = useForm();
  const [tried, setTried] = useState<Tried | null | 'trying'>(null);
  const text = textOf(value);
  useEffect(() => {
    if (text.trim() === '') return undefined;
    let over = false;
    const timer = setTimeout(() => {
      setTried((before) => before ?? 'trying');
      void tryExpression(text, widget.scope).then((result) => (over ? undefined : setTried(result)));
    }, QUIET_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another document may give another result
  }, [text, widget.scope, tryExpression, meaning]);
  const complete = useCallback((context: CompletionContext) => completions(columns, widget.scope === 'query', context), [columns, widget.scope]);
  const failed = text.trim() !== '' && tried !== null && tried !== 'trying' && tried.kind === 'error';
  return (
    <div className="flex flex-col gap-1.5">
      <Suspense fallback={<div className={fieldClass} style={{ minHeight: 30 }} />}>
        <CodeField
          id={id}
          language="sql"
          label={pick(param.label)}
          value={text}
          placeholder={placeholderOf(param, widget.placeholder)}
          invalid={invalid || failed}
          complete={complete}
          minLines={widget.scope === 'query' ? 5 : 1}
          onChange={(next) => onChange(next === '' ? undefined : next)}
        />
      </Suspense>
      {/* What the check says below is not said twice. */}
      <Result tried={text.trim() === '' || (invalid && failed) ? null : tried} condition={widget.scope === 'condition'} />
    </div>
  );
}
