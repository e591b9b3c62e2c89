import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Settings, StudioInfo } from '#shared/contract/studio';
import { Failure } from '../app/error-boundary.tsx';
import { Mark } from '../app/mark.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { saveSettings, useInfo, useSettings } from '../app/queries.ts';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Segments } from '../ui/tabs.tsx';
import { toast, toastError } from '../ui/toast.tsx';
import { readFolder, readWhole } from './read.ts';
import { settingsText } from './text.ts';

const MIB = 1024 * 1024;

/** What can be set: the folder, language, theme, memory, workers; and what this studio is. Every change is saved at once. */
export function SettingsPlace() {
  const { t } = useText();
  const settings = useSettings();
  const info = useInfo();
  if (settings.error !== null && settings.data === undefined) {
    return (
      <PlaceFrame title={t(settingsText.title)}>
        <Failure title={t(settingsText.failed)} thrown={settings.error}>
          <Button variant="primary" onClick={() => void settings.refetch()}>
            {t(common.retry)}
          </Button>
        </Failure>
      </PlaceFrame>
    );
  }
  return (
    <PlaceFrame title={t(settingsText.title)}>
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
      </Section>
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

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="mb-6">
      <h2 className="text-md font-semibold">{title}</h2>
      <div className="mt-2 divide-y divide-line border-y border-line">{children}</div>
    </section>
  );
}

interface LineProps {
  readonly label: string;
  readonly help: string;
  readonly id?: string;
  readonly children: ReactNode;
}

function Line({ label, help, id, children }: LineProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-8 py-3.5">
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p className="mt-0.5 text-xs text-ink-2">{help}</p>
      </div>
      <div className="flex min-w-0 justify-end">{children}</div>
    </div>
  );
}

interface TypedProps<V> {
  readonly id: string;
  readonly value: string;
  /** undefined is a text that cannot be taken. */
  readonly read: (text: string) => V | undefined;
  readonly bad: string;
  readonly onSave: (value: V) => void;
  readonly placeholder?: string;
  readonly unit?: string;
  readonly mono?: boolean;
}

/** A typed setting: saved when it is left or Enter is pressed, given back by Escape. */
function Typed<V>({ id, value, read, bad, onSave, placeholder, unit, mono = false }: TypedProps<V>) {
  const [text, setText] = useState(value);
  const taken = read(text);
  const save = (): void => {
    if (text !== value && taken !== undefined) onSave(taken);
  };
  return (
    <div className={mono ? 'min-w-0 flex-1' : 'w-40'}>
      <div className="relative">
        <Input
          id={id}
          value={text}
          placeholder={placeholder}
          aria-invalid={taken === undefined || undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
            if (event.key === 'Escape') setText(value);
          }}
          className={mono ? 'font-mono text-xs' : unit === undefined ? '' : 'pr-11'}
        />
        {unit === undefined ? null : <span className="pointer-events-none absolute top-1 right-2 text-xs text-ink-3">{unit}</span>}
      </div>
      {taken === undefined ? (
        <p role="alert" className="mt-1 text-xs text-failed">
          {bad}
        </p>
      ) : null}
    </div>
  );
}
