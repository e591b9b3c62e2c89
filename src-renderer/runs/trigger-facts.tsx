import type { Trigger } from '#shared/events';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { Fact } from './facts-aside.tsx';
import { linkClass } from './run-story.tsx';
import { runsText, triggerText } from './text.ts';

/** Who or what asked for a run; for a schedule the way to it, and the time that it was for. */
export function TriggerFacts({ trigger }: { readonly trigger: Trigger }) {
  const { t, f, pick } = useText();
  const text = pick(triggerText[trigger.kind]);
  if (trigger.kind !== 'schedule') return <Fact name={t(runsText.trigger)}>{text}</Fact>;
  const nominal = Date.parse(trigger.nominalTime);
  return (
    <>
      <Fact name={t(runsText.trigger)}>
        <a href={href({ place: 'schedules', schedule: trigger.scheduleId })} className={linkClass}>
          {text}
        </a>
      </Fact>
      <Fact name={t(runsText.nominalTime)}>{Number.isNaN(nominal) ? trigger.nominalTime : f.dateTime(nominal)}</Fact>
    </>
  );
}
