import { useQuery } from '@tanstack/react-query';
import { GitFork, RotateCcw } from 'lucide-react';
import { toErrorInfo } from '#shared/errors';
import { RunId } from '#shared/ids';
import { keys } from '../app/queries.ts';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { workflowOf as workflowOfRun } from '../runs/run-workflow.ts';
import { same } from '../stores/edit/delta.ts';
import { leaveFork, useFork } from '../stores/fork.ts';
import type { Fork } from '../stores/fork.ts';
import { Button } from '../ui/index.ts';
import { change, useDocument, useSession } from './session.ts';
import { words } from './words.ts';

/** While a run is to be forked: from which run and event, and the ways to its workflow and out. */
export function ForkBar() {
  const session = useSession();
  const fork = useFork(session.id);
  return fork === null ? null : <Bar fork={fork} />;
}

function Bar({ fork }: { readonly fork: Fork }) {
  const { t, f } = useText();
  const session = useSession();
  const workflow = useDocument((state) => state.workflow);
  const origin = useQuery({ queryKey: [...keys.run(fork.run), 'fork', fork.version], queryFn: () => session.client.runs.get({ runId: RunId.parse(fork.run), at: fork.version }), staleTime: Infinity });
  const ran = origin.data === undefined ? null : workflowOfRun(origin.data);
  const asItRan = ran === null ? null : { ...ran, id: session.id };
  const is = asItRan !== null && same(asItRan, workflow);
  return (
    <section aria-label={t(words.fork)} className="flex shrink-0 items-center gap-3 border-b border-line bg-accent-soft px-4 py-1.5 text-sm">
      <GitFork className="size-4 shrink-0 text-accent-text" aria-hidden="true" />
      {origin.error === null ? (
        <p className="min-w-0 flex-1">
          {t(words.forkOf)}{' '}
          <a href={href({ place: 'run', runId: fork.run, version: fork.version })} className="font-medium text-accent-text underline">
            {origin.data === undefined ? t(words.forkRun) : f.dateTime(origin.data.requestedAt)}
          </a>
          {t(words.forkAt, fork.version)} {is ? t(words.forkUnchanged) : null}
        </p>
      ) : (
        <p role="alert" className="min-w-0 flex-1 text-failed">
          {t(words.forkGone)} {toErrorInfo(origin.error).message}
        </p>
      )}
      {asItRan === null || is ? null : (
        <Button size="sm" icon={<RotateCcw />} onClick={() => change(session, 'asItRan', () => asItRan)}>
          {t(words.loadAsItRan)}
        </Button>
      )}
      <Button size="sm" variant="ghost" onClick={() => leaveFork(session.id)}>
        {t(words.leaveFork)}
      </Button>
    </section>
  );
}
