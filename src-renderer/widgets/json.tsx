import { lazy, Suspense, useState } from 'react';
import type { Json } from '#shared/json';
import { useText } from '../i18n/use-text.ts';
import { fieldClass } from '../ui/index.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

const CodeField = lazy(() => import('./code-field.tsx'));
const write = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** Any JSON, as text. The file gets it once it can be read; until then the last good value stays. */
export function JsonWidget({ param, id, value, onChange, invalid }: WidgetProps<'json'>) {
  const { t, pick } = useText();
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: Json | undefined } | null>(null);
  const text = typed !== null && typed.value === value ? typed.text : write(value);
  const broken = typed !== null && typed.value === value && typed.text.trim() !== '' && !readable(typed.text);
  return (
    <>
      <Suspense fallback={<div className={fieldClass} style={{ minHeight: 84 }} />}>
        <CodeField
          id={id}
          language="json"
          label={pick(param.label)}
          value={text}
          placeholder={write(param.default)}
          invalid={invalid || broken}
          minLines={4}
          onChange={(next) => {
            const read = next.trim() === '' ? undefined : readable(next) ? (JSON.parse(next) as Json) : value;
            setTyped({ text: next, value: read });
            onChange(read);
          }}
        />
      </Suspense>
      {broken ? <p className="text-xs text-failed">{t(words.notJson)}</p> : null}
    </>
  );
}

/** Can this text be read as JSON? */
export function readable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
