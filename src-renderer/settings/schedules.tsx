import { useId } from 'react';
import type { Settings, StudioInfo } from '#shared/contract/studio';
import type { Text } from '#shared/node-spec';
import { saveSettings } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { Switch } from '../ui/switch.tsx';
import { Line, Section } from './form-parts.tsx';
import { settingsText } from './text.ts';

type Flag = { [K in keyof Settings]: Settings[K] extends boolean ? K : never }[keyof Settings];
interface FlagLine {
  readonly key: Flag;
  readonly label: Text;
  readonly help: Text;
}

const DESKTOP: readonly FlagLine[] = [
  { key: 'keepInTray', label: settingsText.keepInTray, help: settingsText.keepInTrayHelp },
  { key: 'startAtLogin', label: settingsText.startAtLogin, help: settingsText.startAtLoginHelp },
  { key: 'keepAwake', label: settingsText.keepAwake, help: settingsText.keepAwakeHelp },
];
const NOTIFICATIONS: readonly FlagLine[] = [
  { key: 'notifyFailed', label: settingsText.notifyFailed, help: settingsText.notifyFailedHelp },
  { key: 'notifyMissed', label: settingsText.notifyMissed, help: settingsText.notifyMissedHelp },
  { key: 'notifyWaiting', label: settingsText.notifyWaiting, help: settingsText.notifyWaitingHelp },
  { key: 'notifyPaused', label: settingsText.notifyPaused, help: settingsText.notifyPausedHelp },
  { key: 'notifyCompleted', label: settingsText.notifyCompleted, help: settingsText.notifyCompletedHelp },
];

/** What the desktop does for schedules: the tray, the login, staying awake, notifications kind by kind. Other hosts have none of it, and say so. */
export function ScheduleSettings({ settings, host }: { readonly settings: Settings; readonly host: StudioInfo['host'] }) {
  const { t } = useText();
  const cant = host !== 'electron';
  return (
    <>
      <Section title={t(settingsText.schedules)} {...(cant ? { help: t(settingsText.desktopOnly) } : {})}>
        <Flags lines={DESKTOP} settings={settings} disabled={cant} />
      </Section>
      <Section title={t(settingsText.notifications)} help={t(cant ? settingsText.noNotifications : settingsText.notificationsHelp)}>
        <Flags lines={NOTIFICATIONS} settings={settings} disabled={cant} />
      </Section>
    </>
  );
}

function Flags({ lines, settings, disabled }: { readonly lines: readonly FlagLine[]; readonly settings: Settings; readonly disabled: boolean }) {
  const { t } = useText();
  const id = useId();
  return lines.map(({ key, label, help }) => (
    <Line key={key} label={t(label)} help={t(help)} id={`${id}-${key}`}>
      <Switch id={`${id}-${key}`} checked={settings[key]} disabled={disabled} onChecked={(checked) => saveSettings({ [key]: checked })} />
    </Line>
  ));
}
