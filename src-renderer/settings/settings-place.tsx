import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Settings, StudioInfo } from '#shared/contract/studio';
import { Failure } from '../app/error-boundary.tsx';
import { Mark } from '../app/mark.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { saveSettings, useInfo, useSettings } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { client } from '../client/client.ts';
import { ConnectionsView } from '../connections/connections-view.tsx';
import { connectionText } from '../connections/text.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { Segments } from '../ui/tabs.tsx';
import { toast, toastError } from '../ui/toast.tsx';
import { Line, Section, Typed } from './form-parts.tsx';
import { readFolder, readWhole } from './read.ts';
import { Retention } from './retention.tsx';
import { ScheduleSettings } from './schedules.tsx';
import { settingsText } from './text.ts';

const MIB = 1024 * 1024;

/** What can be set: the folder, language, theme, memory, workers; and what this studio is. Every change is saved at once. Connections have a view of their own. */
export function SettingsPlace({ view }: { readonly view: 'connections' | undefined }) {
  const { t } = useText();
  const views = (
    <Segments
      label={t(settingsText.views)}
      value={view ?? 'general'}
      onValue={(next) => go({ place: 'settings', ...(next === 'connections' ? { view: next } : {}) })}
      options={[
        { value: 'general', label: t(settingsText.general) },
        { value: 'connections', label: t(connectionText.title) },
      ]}
    />
  );
  return view === 'connections' ? <ConnectionsView title={t(settingsText.title)} views={views} /> : <GeneralSettings views={views} />;
}

function GeneralSettings({ views }: { readonly views: ReactNode }) {
  const { t } = useText();
  const settings = useSettings();
  const info = useInfo();
  if (settings.error !== null && settings.data === undefined) {
    return (
      <PlaceFrame title={t(settingsText.title)} actions={views}>
        <Failure title={t(settingsText.failed)} thrown={settings.error}>
          <Button variant="primary" onClick={() => void settings.refetch()}>
            {t(common.retry)}
          </Button>
        </Failure>
      </PlaceFrame>
    );
  }
  return (
    <PlaceFrame title={t(settingsText.title)} actions={views}>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto max-w-190 px-8 py-6">{settings.data === undefined || info.data === undefined ? null : <Form settings={settings.data} info={info.data} />}</div>
      </div>
    </PlaceFrame>
  );
}

function Form({ settings, info }: { readonly settings: Settings; readonly info: StudioInfo }) {
  const { t, f } = useText();
  const id = useId();
  const chooseFolder = async (): Promise<void> => {
    try {
      const { path } = await client.files.pick({ mode: 'folder', title: t(settingsText.folder), defaultPath: settings.folder });
      if (path !== null) saveSettings({ folder: path });
    } catch (thrown) {
      toastError(thrown);
    }
  };
  const about = [
    [t(settingsText.version), info.version],
    [t(settingsText.host), info.host],
    [t(settingsText.platform), info.platform],
    [t(settingsText.machine), t(settingsText.machineIs, info.cores, f.bytes(info.machineMemoryMb * MIB))],
    [t(settingsText.dataDir), info.dataDir],
  ] as const;
  return (
    <>
      <Section title={t(settingsText.general)}>
        <Line label={t(settingsText.folder)} help={t(settingsText.folderHelp)} id={`${id}-folder`}>
          <div className="flex w-full gap-2">
            <Typed key={settings.folder} id={`${id}-folder`} value={settings.folder} read={readFolder} bad={t(settingsText.folderBad)} onSave={(folder) => saveSettings({ folder })} mono />
            {info.nativeDialogs ? <Button onClick={() => void chooseFolder()}>{t(settingsText.choose)}</Button> : null}
          </div>
        </Line>
        <Line label={t(settingsText.language)} help={t(settingsText.languageHelp)} id={`${id}-language`}>
          <Select
            id={`${id}-language`}
            value={settings.language}
            onValue={(language) => saveSettings({ language })}
            className="w-56"
            options={[
              { value: 'system', label: t(settingsText.system) },
              { value: 'en', label: 'English' },
              { value: 'zh', label: '简体中文' },
            ]}
          />
        </Line>
        <Line label={t(settingsText.theme)} help={t(settingsText.themeHelp)}>
          <Segments
            label={t(settingsText.theme)}
            value={settings.theme}
            onValue={(theme) => saveSettings({ theme })}
            options={[
              { value: 'system', label: t(settingsText.system) },
              { value: 'light', label: t(settingsText.light) },
              { value: 'dark', label: t(settingsText.dark) },
            ]}
          />
        </Line>
      </Section>
      <Section title={t(settingsText.engine)}>
        <Line label={t(settingsText.memory)} help={t(settingsText.memoryHelp, f.bytes((info.machineMemoryMb * MIB) / 4))} id={`${id}-memory`}>
          <Typed
            key={`memory ${settings.memoryLimitMb ?? ''}`}
            id={`${id}-memory`}
            value={settings.memoryLimitMb?.toString() ?? ''}
            read={(text) => readWhole(text, 64, Number.MAX_SAFE_INTEGER)}
            bad={t(settingsText.memoryBad)}
            placeholder={t(settingsText.standard)}
            unit="MiB"
            onSave={(memoryLimitMb) => saveSettings({ memoryLimitMb })}
          />
        </Line>
        <Line label={t(settingsText.workers)} help={t(settingsText.workersHelp, info.cores)} id={`${id}-workers`}>
          <Typed
            key={`workers ${settings.workers ?? ''}`}
            id={`${id}-workers`}
            value={settings.workers?.toString() ?? ''}
            read={(text) => readWhole(text, 1, 64)}
            bad={t(settingsText.workersBad)}
            placeholder={t(settingsText.standard)}
            onSave={(workers) => saveSettings({ workers })}
          />
        </Line>
        <Line label={t(settingsText.runsAtOnce)} help={t(settingsText.runsAtOnceHelp)} id={`${id}-runs`}>
          <Typed
            key={`runs ${settings.maxConcurrentRuns ?? ''}`}
            id={`${id}-runs`}
            value={settings.maxConcurrentRuns?.toString() ?? ''}
            read={(text) => readWhole(text, 1, 64)}
            bad={t(settingsText.workersBad)}
            placeholder={t(settingsText.standard)}
            onSave={(maxConcurrentRuns) => saveSettings({ maxConcurrentRuns })}
          />
        </Line>
      </Section>
      <ScheduleSettings settings={settings} host={info.host} />
      <Retention settings={settings} />
      <Section title={t(settingsText.about)}>
        <div className="flex items-start gap-4 py-4">
          <span className="grid size-11 place-items-center rounded-xl bg-accent-soft text-accent-text">
            <Mark className="size-7" />
          </span>
          <div className="min-w-0 flex-1">
            <p className="text-md font-semibold">Millrace</p>
            <dl className="selectable mt-2 grid grid-cols-[110px_1fr] gap-y-1 text-sm">
              {about.map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-ink-3">{name}</dt>
                  <dd className="break-all">{value}</dd>
                </div>
              ))}
            </dl>
          </div>
          <Button
            onClick={() =>
              void navigator.clipboard.writeText(['Millrace', ...about.map(([name, value]) => `${name}: ${value}`)].join('\n')).then(() => toast({ tone: 'success', title: t(common.copied) }))
            }
          >
            {t(settingsText.copyAbout)}
          </Button>
        </div>
      </Section>
    </>
  );
}
