import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { problemText } from '#shared/workflow/problems';
import { useDocument, useProblems, useSession } from '../editor/session.ts';
import { show } from '../editor/edit-actions.ts';
import { useText } from '../i18n/use-text.ts';
import { specOf } from '../stores/edit/ports.ts';
import { placeOf } from '../schedule-form/items.ts';
import { words as scheduleWords } from '../schedule-form/words.ts';
import { leadTo, openSchedule, select } from '../stores/view.ts';
import { EmptyState, Prose, VirtualList } from '../ui/index.ts';
import { words } from './words.ts';

/** Everything that is wrong, each line a way to its place. */
export function ProblemsTab() {
  const { t, pick, language } = useText();
  const session = useSession();
  const all = useProblems((state) => state.all);
  const nodes = useDocument((state) => state.workflow.nodes);
  if (all.length === 0) {
    return (
      <EmptyState icon={<CircleCheck />} title={t(words.noProblems)}>
        {t(words.noProblemsText)}
      </EmptyState>
    );
  }
  return (
    <VirtualList
      label={t(words.problems)}
      count={all.length}
      rowHeight={34}
      measured
      className="py-1"
      renderRow={(index) => {
        const problem = all[index];
        if (problem === undefined) return null;
        const { message, remedy } = problemText(problem, language);
        const schedule = placeOf(problem);
        const node = nodes.find((one) => one.id === problem.node);
        const spec = node === undefined ? null : specOf(session.specs, node);
        const place = node === undefined ? (schedule === null ? null : t(scheduleWords.schedule)) : (node.label ?? (spec === null ? node.nodeType : pick(spec.label)));
        return (
          <button
            type="button"
            className="flex w-full items-start gap-2.5 px-3 py-1.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2"
            onClick={() => {
              if (problem.node !== undefined) {
                show(session, problem.node);
                leadTo(session.view, problem.node, problem.field ?? null);
              } else if (schedule !== null) openSchedule(session.view, schedule.index, schedule.field);
              else if (problem.edge !== undefined) select(session.view, [], [], [problem.edge]);
            }}
          >
            {problem.severity === 'error' ? <CircleAlert className="mt-0.5 size-3.5 shrink-0 text-failed" /> : <TriangleAlert className="mt-0.5 size-3.5 shrink-0 text-interrupted" />}
            <span className="min-w-0 flex-1">
              <Prose text={message} />
              {remedy === '' ? null : (
                <span className="text-ink-3">
                  {' '}
                  <Prose text={remedy} />
                </span>
              )}
            </span>
            {place === null ? null : (
              <span className="shrink-0 text-xs text-ink-3">
                {place}
                {problem.field === undefined || schedule?.field === null ? '' : ` · ${schedule?.field ?? problem.field}`}
              </span>
            )}
          </button>
        );
      }}
    />
  );
}
