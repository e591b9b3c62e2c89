import { assertNever } from '#shared/errors';
import type { EventType, StudioEvent } from '#shared/events';
import type { Text } from '#shared/node-spec';
import type { Speech } from '../i18n/use-text.ts';
import { common } from '../i18n/common.ts';
import { say } from '../i18n/text.ts';
import type { StateTone } from '../ui/state-style.ts';
import { runsText, skipText, triggerText } from './text.ts';
import { answerText, resumedText, words } from './words.ts';

/** What each event is called. One entry an event: an event without one does not compile. */
export const eventName: Readonly<Record<EventType, Text>> = {
  WorkflowRequested: say('Run requested', '请求运行'),
  WorkflowStarted: say('Run started', '运行开始'),
  WorkflowCompleted: say('Run completed', '运行完成'),
  WorkflowFailed: say('Run failed', '运行失败'),
  WorkflowCancelRequested: say('Cancel requested', '请求取消'),
  WorkflowCancelled: say('Run cancelled', '运行已取消'),
  WorkflowInterrupted: say('Run interrupted', '运行中断'),
  WorkflowResumed: say('Run resumed', '运行恢复'),
  WorkflowPaused: say('Run paused', '运行已暂停'),
  WorkflowAnswered: say('Answered', '已答复'),
  NodeExecutionStarted: say('Node started', '节点开始'),
  NodeExecutionCompleted: say('Node completed', '节点完成'),
  NodeExecutionFailed: say('Node failed', '节点失败'),
  NodeExecutionSkipped: say('Node skipped', '节点跳过'),
  NodeRetryScheduled: say('Retry scheduled', '安排重试'),
  NodeOutputCommitted: say('Output committed', '输出已提交'),
  NodeOutputReused: say('Output reused', '复用输出'),
  NodeFailureDiverted: say('Failure handed on', '失败已转出'),
  NodeEffectIntended: say('Effect intended', '即将产生外部效果'),
  NodeEffectConfirmed: say('Effect confirmed', '外部效果已确认'),
  NodeEffectDropped: say('Effect did not happen', '外部效果未发生'),
  NodeSettled: say('Settled', '已完成善后'),
  NodeAttemptLost: say('Attempt lost', '尝试丢失'),
  WorkflowSaved: say('Workflow saved', '工作流已保存'),
  WorkflowImported: say('Workflow imported', '工作流已导入'),
  WorkflowDeleted: say('Workflow deleted', '工作流已删除'),
  RunsRemoved: say('Old runs removed', '已清理旧运行'),
  ScheduleCreated: say('Schedule created', '定时已创建'),
  ScheduleEdited: say('Schedule edited', '定时已修改'),
  SchedulePaused: say('Schedule paused', '定时已暂停'),
  ScheduleResumed: say('Schedule resumed', '定时已恢复'),
  ScheduleDeleted: say('Schedule deleted', '定时已删除'),
  ScheduleFired: say('Schedule fired', '定时已触发'),
  OccurrenceSkipped: say('Occurrence skipped', '已跳过一次触发'),
  OccurrenceMissed: say('Occurrence missed', '已错过触发'),
  OccurrenceBuffered: say('Occurrence waits', '触发等待中'),
};

/** The colour of each event's dot. */
export const eventTone: Readonly<Record<EventType, StateTone>> = {
  WorkflowRequested: 'queued',
  WorkflowStarted: 'running',
  WorkflowCompleted: 'completed',
  WorkflowFailed: 'failed',
  WorkflowCancelRequested: 'cancelled',
  WorkflowCancelled: 'cancelled',
  WorkflowInterrupted: 'interrupted',
  WorkflowResumed: 'running',
  WorkflowPaused: 'interrupted',
  WorkflowAnswered: 'queued',
  NodeExecutionStarted: 'running',
  NodeExecutionCompleted: 'completed',
  NodeExecutionFailed: 'failed',
  NodeExecutionSkipped: 'skipped',
  NodeRetryScheduled: 'interrupted',
  NodeOutputCommitted: 'completed',
  NodeOutputReused: 'completed',
  NodeFailureDiverted: 'interrupted',
  NodeEffectIntended: 'running',
  NodeEffectConfirmed: 'completed',
  NodeEffectDropped: 'skipped',
  NodeSettled: 'completed',
  NodeAttemptLost: 'interrupted',
  WorkflowSaved: 'queued',
  WorkflowImported: 'queued',
  WorkflowDeleted: 'queued',
  RunsRemoved: 'queued',
  ScheduleCreated: 'queued',
  ScheduleEdited: 'queued',
  SchedulePaused: 'interrupted',
  ScheduleResumed: 'queued',
  ScheduleDeleted: 'cancelled',
  ScheduleFired: 'running',
  OccurrenceSkipped: 'skipped',
  OccurrenceMissed: 'interrupted',
  OccurrenceBuffered: 'queued',
};

/** The most telling part of an event's data, in a few words. */
export function eventSummary(event: StudioEvent, { t, f, pick, said }: Speech): string {
  switch (event.type) {
    case 'WorkflowRequested':
      return pick(triggerText[event.data.trigger.kind]);
    case 'WorkflowCompleted':
    case 'WorkflowCancelled':
      return f.duration(event.data.durationMs);
    case 'WorkflowFailed':
    case 'NodeExecutionFailed':
      return said(event.data.error.message);
    case 'WorkflowCancelRequested':
      return event.data.by;
    case 'WorkflowInterrupted':
    case 'NodeEffectDropped':
    case 'NodeAttemptLost':
      return said(event.data.reason);
    case 'NodeExecutionStarted':
      return event.data.attempt > 1 ? t(runsText.attempt, event.data.attempt) : '';
    case 'NodeExecutionCompleted': {
      const time = f.duration(event.data.durationMs);
      if (Object.keys(event.data.rowsOut).length === 0) return `${t(common.rows, event.data.rowsIn)} · ${time}`;
      const out = Object.values(event.data.rowsOut).reduce((sum, rows) => sum + rows, 0);
      return `${f.number(event.data.rowsIn)} → ${t(common.rows, out)} · ${time}`;
    }
    case 'NodeExecutionSkipped':
      return pick(skipText[event.data.reason.kind]);
    case 'NodeRetryScheduled':
      return f.duration(event.data.delayMs);
    case 'NodeOutputCommitted':
      return [t(common.rows, event.data.rows), event.data.bytes === null ? null : f.bytes(event.data.bytes), event.data.path].filter(Boolean).join(' · ');
    case 'WorkflowSaved':
    case 'WorkflowImported':
    case 'WorkflowDeleted':
      return event.data.path;
    case 'NodeEffectIntended':
      return event.data.what;
    case 'WorkflowPaused':
      return event.data.question.kind === 'recovery' ? said(event.data.question.reason) : event.data.question.effects.map((one) => one.what).join(' · ');
    case 'WorkflowAnswered':
      return pick(answerText[event.data.answer].label);
    case 'NodeOutputReused': {
      const given = Object.values(event.data.rowsOut);
      return t(common.rows, given.length === 0 ? event.data.rowsIn : given.reduce((sum, rows) => sum + rows, 0));
    }
    case 'WorkflowResumed':
      return [pick(resumedText[event.data.by]), event.data.repeat.length > 0 ? t(words.repeats, event.data.repeat.length) : ''].filter(Boolean).join(' · ');
    case 'RunsRemoved':
      return f.number(event.data.runs);
    case 'SchedulePaused':
      return event.data.note;
    case 'OccurrenceMissed':
      return f.number(event.data.count);
    case 'ScheduleDeleted':
      return said(event.data.reason);
    case 'ScheduleCreated':
    case 'ScheduleEdited':
    case 'ScheduleResumed':
    case 'ScheduleFired':
    case 'OccurrenceSkipped':
    case 'OccurrenceBuffered':
    case 'WorkflowStarted':
    case 'NodeFailureDiverted':
    case 'NodeEffectConfirmed':
    case 'NodeSettled':
      return '';
    default:
      return assertNever(event);
  }
}
