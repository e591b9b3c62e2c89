import { Component } from 'react';
import type { ReactNode } from 'react';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { common } from '../i18n/common.ts';
import { currentText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { appText } from './text.ts';

interface Props {
  readonly children: ReactNode;
  /** A change of it is a new start: the place's address. */
  readonly at: string;
}
interface State {
  readonly thrown: unknown;
  readonly at: string;
}

/** Keeps one place's mistake from taking the window with it. React wants a class for this. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: null, at: this.props.at };

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return { thrown: thrown ?? new Error('Nothing was thrown') };
  }
  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.at === state.at ? null : { thrown: null, at: props.at };
  }

  override render(): ReactNode {
    if (this.state.thrown === null) return this.props.children;
    const { t } = currentText();
    return (
      <Failure title={t(appText.crashed)} help={t(appText.crashedHelp)} thrown={this.state.thrown}>
        <Button variant="primary" onClick={() => this.setState({ thrown: null })}>
          {t(common.retry)}
        </Button>
        <Button onClick={() => window.location.reload()}>{t(appText.reload)}</Button>
      </Failure>
    );
  }
}

interface FailureProps {
  readonly title: string;
  readonly help?: string;
  readonly thrown: unknown;
  /** Buttons: what to try. */
  readonly children?: ReactNode;
}

/** A place that could not be shown: what happened, what to try, and the technical text one click away. */
export function Failure({ title, help, thrown, children }: FailureProps) {
  const { t } = currentText();
  const info = toErrorInfo(thrown);
  const detail = [`${info.code}: ${info.message}`, info.place, info.detail].filter(Boolean).join('\n');
  return (
    <div className="grid h-full min-h-0 flex-1 place-items-center overflow-auto bg-surface p-8">
      <div role="alert" className="flex w-full max-w-130 flex-col gap-2">
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="selectable text-sm text-ink-2">{errorSentence(info)}</p>
        {help === undefined ? null : <p className="text-sm text-ink-2">{help}</p>}
        <div className="mt-2 flex gap-2">
          {children}
          <Button variant="ghost" onClick={() => void navigator.clipboard.writeText(detail)}>
            {t(common.copyDetail)}
          </Button>
        </div>
        <details className="mt-2">
          <summary className="text-xs text-ink-3">{t(common.details)}</summary>
          <pre className="mt-2 max-h-72 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">{detail}</pre>
        </details>
      </div>
    </div>
  );
}
