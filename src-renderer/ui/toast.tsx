import { AlertTriangle, CheckCircle2, Info, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { create } from 'zustand';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { common } from '../i18n/common.ts';
import { currentText, useText } from '../i18n/use-text.ts';
import { Button, IconButton } from './button.tsx';

export interface ToastContent {
  readonly tone: 'info' | 'success' | 'error';
  readonly title: string;
  readonly text?: string | undefined;
  /** Technical text that can be copied. */
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** What it is about: a newer one about the same takes its place. */
  readonly topic?: string;
}
interface Shown extends ToastContent {
  readonly id: number;
}

const useToasts = create<{ readonly shown: readonly Shown[] }>(() => ({ shown: [] }));
let lastId = 0;

/** Milliseconds a toast stays, longer under the pointer. An error asks for reading; where it happened, it stays. */
const STAYS = { info: 4500, success: 4500, error: 15_000 } as const;

/** Says something in the corner of the window. */
export function toast(content: ToastContent): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ shown }) => ({ shown: [...shown.filter((one) => one.topic === undefined || one.topic !== content.topic).slice(-2), { ...content, id }] }));
}

/** Shows what went wrong: the sentence, and the technical text behind a button. For the end of any promise. */
export function toastError(thrown: unknown, title?: string): void {
  const info = toErrorInfo(thrown);
  toast({ tone: 'error', title: title ?? currentText().t(common.somethingFailed), text: errorSentence(info), detail: info.detail });
}

/** Takes back what was said about something: it is no longer so. */
export const untoast = (topic: string): void => useToasts.setState(({ shown }) => ({ shown: shown.filter((one) => one.topic !== topic) }));

const dismiss = (id: number): void => useToasts.setState(({ shown }) => ({ shown: shown.filter((one) => one.id !== id) }));
const icons = {
  info: <Info className="size-4 text-ink-3" />,
  success: <CheckCircle2 className="size-4 text-completed" />,
  error: <AlertTriangle className="size-4 text-failed" />,
};

/** Once, at the window's root. */
export function Toasts() {
  const { t } = useText();
  const shown = useToasts((state) => state.shown);
  return (
    <Radix.Provider swipeDirection="right" label={t(common.notifications)}>
      {shown.map((one) => (
        <Radix.Root
          key={one.id}
          type={one.tone === 'error' ? 'foreground' : 'background'}
          duration={STAYS[one.tone]}
          onOpenChange={(open) => (open ? undefined : dismiss(one.id))}
          className="flex w-90 animate-enter items-start gap-2.5 rounded-lg bg-raised py-2.5 pr-2 pl-3 shadow-high"
        >
          <span className="mt-0.5 shrink-0">{icons[one.tone]}</span>
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-sm font-medium">{one.title}</Radix.Title>
            {one.text === undefined ? null : <Radix.Description className="selectable mt-0.5 max-h-40 overflow-y-auto text-xs break-words text-ink-2">{one.text}</Radix.Description>}
            {one.action === undefined && one.detail === undefined ? null : (
              <div className="mt-1.5 -ml-2 flex">
                {one.action === undefined ? null : (
                  <Button variant="ghost" size="sm" onClick={() => (one.action?.run(), dismiss(one.id))}>
                    {one.action.label}
                  </Button>
                )}
                {one.detail === undefined ? null : (
                  <Button variant="ghost" size="sm" onClick={() => void navigator.clipboard.writeText(one.detail ?? '')}>
                    {t(common.copyDetail)}
                  </Button>
                )}
              </div>
            )}
          </div>
          <Radix.Close asChild>
            <IconButton size="sm" label={t(common.close)} icon={<X />} />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport label={`${t(common.notifications)} ({hotkey})`} className="fixed right-4 bottom-4 z-50 flex flex-col gap-2" />
    </Radix.Provider>
  );
}
