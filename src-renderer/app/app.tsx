import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, lazy } from 'react';
import { assertNever } from '#shared/errors';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { LibraryPlace } from '../library/library-place.tsx';
import { RunsPlace } from '../runs/runs-place.tsx';
import { AwayWatch } from '../schedules/away-dialog.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Toasts } from '../ui/toast.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { AppCommands } from './app-commands.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { queryClient, useOpenRuns, useFeeds, useSettingsSync } from './queries.ts';
import { Rail } from './rail.tsx';
import { href, useRoute } from './router.ts';
import type { Route } from './router.ts';

const Editor = lazy(() => import('../editor/editor.tsx').then((file) => ({ default: file.Editor })));
const RunPlace = lazy(() => import('../runs/run-place.tsx').then((file) => ({ default: file.RunPlace })));
const ComparePlace = lazy(() => import('../compare/compare-place.tsx').then((file) => ({ default: file.ComparePlace })));
const SchedulesPlace = lazy(() => import('../schedules/schedules-place.tsx').then((file) => ({ default: file.SchedulesPlace })));
const MonitorPlace = lazy(() => import('../monitor/monitor-place.tsx').then((file) => ({ default: file.MonitorPlace })));
const SettingsPlace = lazy(() => import('../settings/settings-place.tsx').then((file) => ({ default: file.SettingsPlace })));

function PlaceOf({ route }: { readonly route: Route }) {
  switch (route.place) {
    case 'library':
      return <LibraryPlace />;
    case 'edit':
      return <Editor key={route.workflowId} workflowId={route.workflowId} />;
    case 'runs':
      return <RunsPlace key={route.workflowId ?? ''} workflowId={route.workflowId} />;
    case 'run':
      return <RunPlace key={route.runId} runId={route.runId} version={route.version} />;
    case 'compare':
      return <ComparePlace left={route.left} right={route.right} node={route.node} />;
    case 'schedules':
      return <SchedulesPlace view={route.view} schedule={route.schedule} />;
    case 'monitor':
      return <MonitorPlace />;
    case 'settings':
      return <SettingsPlace view={route.view} />;
    default:
      return assertNever(route);
  }
}

function Loading() {
  const { t } = useText();
  return (
    <div role="status" aria-label={t(common.loading)} className="grid h-full flex-1 place-items-center bg-surface text-ink-3">
      <Spinner className="size-5" />
    </div>
  );
}

function Frame() {
  const route = useRoute();
  const runs = useOpenRuns();
  useFeeds();
  useSettingsSync();
  return (
    <div className="flex h-full flex-col">
      <ConnectionBar />
      <div className="flex min-h-0 flex-1">
        <Rail at={route.place} runs={runs} />
        <main className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ErrorBoundary at={href(route)}>
            <Suspense fallback={<Loading />}>
              <PlaceOf route={route} />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <AppCommands />
      <AwayWatch />
      <Toasts />
    </div>
  );
}

/** The whole window. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <TooltipProvider delayDuration={350} skipDelayDuration={150}>
        <Frame />
      </TooltipProvider>
    </QueryClientProvider>
  );
}
