import { useRef } from 'react';
import { cronMistake } from '#shared/schedule/cron-expression';
import { useText } from '../i18n/use-text.ts';
import { cx, Field, fieldClass } from '../ui/index.ts';
import { Place, idOf, useBelow } from './fields.tsx';
import { textAt, useScheduleForm } from './form.ts';
import { markOf } from './mark.ts';
import { words } from './words.ts';

const look = 'h-8 px-2 font-mono text-base tracking-wide';

/** The expression as it stands in the file. A mistake is marked in it while it is typed, and said below. */
export function ExpressionField() {
  const { t } = useText();
  const { item, put } = useScheduleForm();
  const below = useBelow('expression', t(words.expressionHelp));
  const text = textAt(item, 'expression');
  const backdrop = useRef<HTMLDivElement>(null);
  const mark = markOf(text, cronMistake(text));
  return (
    <Place name="expression">
      <Field label={t(words.expression)} htmlFor={idOf('expression')} help={below.help} error={below.error}>
        <div className="relative rounded-md bg-surface">
          {mark === null ? null : (
            // Behind the text, letter for letter below it.
            <div ref={backdrop} aria-hidden="true" className={cx(look, 'pointer-events-none absolute inset-0 flex items-center overflow-hidden border border-transparent whitespace-pre text-transparent')}>
              <span>
                {mark.before}
                <mark data-mistake={mark.found} className="rounded-xs bg-failed-soft text-transparent underline decoration-failed decoration-wavy decoration-[1.5px] underline-offset-3">
                  {mark.found}
                </mark>
              </span>
            </div>
          )}
          <input
            id={idOf('expression')}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={below.invalid ?? (mark === null ? undefined : true)}
            value={text}
            onChange={(event) => put({ expression: event.target.value }, 'expression')}
            onScroll={(event) => (backdrop.current === null ? undefined : (backdrop.current.scrollLeft = event.currentTarget.scrollLeft))}
            className={cx(fieldClass.replace('bg-surface', 'bg-transparent').replace('text-sm', ''), look, 'relative')}
          />
        </div>
      </Field>
    </Place>
  );
}
