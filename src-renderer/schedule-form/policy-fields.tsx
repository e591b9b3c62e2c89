import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';
import { CountField, FlagField, InstantField, OptionField, SpanField, TextField } from './fields.tsx';
import { useScheduleForm } from './form.ts';
import { misfireText, overlapText, words } from './words.ts';
import { ClockChangeFields } from './when-fields.tsx';

const SECOND = 1000;
const DAY = 86_400_000;

/** What holds when a run is still going, times were missed, or a run failed. */
export function PolicyFields() {
  const { t } = useText();
  const { item } = useScheduleForm();
  if (item['kind'] === 'manual') return null;
  return (
    <section className="flex flex-col gap-3.5 border-t border-line pt-4">
      <h3 className="text-sm font-semibold">{t(words.otherwise)}</h3>
      <OptionField name="overlap" label={t(words.overlap)} order={['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll']} texts={overlapText} />
      <div className={cx(item['misfire'] === 'all' && 'grid grid-cols-[1fr_88px] gap-3')}>
        <OptionField name="misfire" label={t(words.misfire)} order={['last', 'skip', 'all']} texts={misfireText} />
        {item['misfire'] === 'all' ? <CountField name="misfireMax" label={t(words.misfireMax)} least={1} most={1000} placeholder="1000" /> : null}
      </div>
      <FlagField name="pauseOnFailure" label={t(words.pauseOnFailure)} help={t(words.pauseOnFailureHelp)} />
    </section>
  );
}

/** Fields that stand under "More": what is said in one of them, or wrong with it, unfolds them. */
const FOLDED = ['startAt', 'endAt', 'remainingRuns', 'graceSeconds', 'catchupWindow', 'jitterSeconds', 'gap', 'repeat', 'label', 'key'];

/** What few schedules need. */
export function MoreFields({ several }: { readonly several: boolean }) {
  const { t } = useText();
  const { item, problemAt } = useScheduleForm();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const urgent = FOLDED.some((name) => problemAt(name) !== null);
  const open = chosen ?? (urgent || FOLDED.some((name) => item[name] !== undefined && name !== 'key'));
  const timed = item['kind'] !== 'manual' && item['kind'] !== 'once';
  return (
    <section className="flex flex-col gap-3.5">
      <button type="button" aria-expanded={open} className="-ml-1 flex h-6 items-center gap-1 self-start rounded-md px-1 text-xs font-medium text-ink-2 hover:bg-hover" onClick={() => setChosen(!open)}>
        <ChevronRight className={cx('size-3.5 transition-transform', open && 'rotate-90')} />
        {t(words.more)}
      </button>
      {open ? (
        <>
          {timed ? (
            <>
              <InstantField name="startAt" label={t(words.startAt)} />
              <InstantField name="endAt" label={t(words.endAt)} />
              <CountField name="remainingRuns" label={t(words.remaining)} placeholder={t(words.unlimited)} least={0} most={1_000_000_000} />
            </>
          ) : null}
          {item['kind'] === 'manual' ? null : (
            <>
              <SpanField name="graceSeconds" label={t(words.grace)} help={t(words.graceHelp)} standard={60 * SECOND} least={0} unit={SECOND} />
              <SpanField name="catchupWindow" label={t(words.catchup)} help={t(words.catchupHelp)} standard={DAY} least={10 * SECOND} most={365 * DAY} />
              <SpanField name="jitterSeconds" label={t(words.jitter)} help={t(words.jitterHelp)} standard={0} least={0} unit={SECOND} />
            </>
          )}
          <ClockChangeFields />
          <TextField name="label" label={t(words.label)} help={t(words.labelHelp)} />
          {several ? <TextField name="key" label={t(words.key)} help={t(words.keyHelp)} mono /> : null}
        </>
      ) : null}
    </section>
  );
}
