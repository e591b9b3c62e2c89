import type { MenuLanguage } from './menu-template.ts';
import type { Notice, NoticeKind } from './notices.ts';
import { runsOf, runsPlace, schedulesPlace } from './places.ts';
import type { Place } from './places.ts';

/** A notification as it is shown. */
export interface Message {
  readonly title: string;
  readonly body: string;
  readonly place: Place;
}

type Say = Readonly<Record<MenuLanguage, (count: number, name: string) => string>>;
interface Words {
  /** Of one run; of several of one workflow; of several workflows. */
  readonly one: Say;
  readonly same: Say;
  readonly several: Say;
}

const WORDS: Readonly<Record<NoticeKind, Words>> = {
  failed: {
    one: { en: (_n, name) => `${name} failed`, zh: (_n, name) => `“${name}”运行失败` },
    same: { en: (n, name) => `${n} runs of ${name} failed`, zh: (n, name) => `“${name}”的 ${n} 次运行失败` },
    several: { en: (n) => `${n} runs failed`, zh: (n) => `${n} 次运行失败` },
  },
  waiting: {
    one: { en: (_n, name) => `${name} waits for an answer`, zh: (_n, name) => `“${name}”正在等待答复` },
    same: { en: (n, name) => `${n} runs of ${name} wait for an answer`, zh: (n, name) => `“${name}”的 ${n} 次运行正在等待答复` },
    several: { en: (n) => `${n} runs wait for an answer`, zh: (n) => `${n} 次运行正在等待答复` },
  },
  completed: {
    one: { en: (_n, name) => `${name} completed`, zh: (_n, name) => `“${name}”运行完成` },
    same: { en: (n, name) => `${n} runs of ${name} completed`, zh: (n, name) => `“${name}”的 ${n} 次运行完成` },
    several: { en: (n) => `${n} runs completed`, zh: (n) => `${n} 次运行完成` },
  },
  paused: {
    one: { en: (_n, name) => `The schedule of ${name} is paused`, zh: (_n, name) => `“${name}”的计划已暂停` },
    same: { en: (n, name) => `${n} schedules of ${name} are paused`, zh: (n, name) => `“${name}”的 ${n} 个计划已暂停` },
    several: { en: (n) => `${n} schedules are paused`, zh: (n) => `${n} 个计划已暂停` },
  },
  missed: {
    one: { en: (_n, name) => `A run of ${name} was missed`, zh: (_n, name) => `错过了“${name}”的 1 次运行` },
    same: { en: (n, name) => `${n} runs of ${name} were missed`, zh: (n, name) => `错过了“${name}”的 ${n} 次运行` },
    several: { en: (n) => `${n} runs were missed`, zh: (n) => `错过了 ${n} 次运行` },
  },
};

/** Said where there is no more to say. */
const ALONE: Readonly<Record<NoticeKind, Readonly<Record<MenuLanguage, string>>>> = {
  failed: { en: '', zh: '' },
  waiting: { en: 'It goes on once you have answered.', zh: '答复后继续运行。' },
  completed: { en: '', zh: '' },
  paused: { en: 'Its run failed.', zh: '其运行失败。' },
  missed: { en: 'While this computer slept or was off.', zh: '此电脑睡眠或关机期间。' },
};
const NAMED = 3;

function namesOf(group: readonly Notice[], language: MenuLanguage): string {
  const names = [...new Set(group.map((notice) => notice.workflowName))];
  const rest = names.length - NAMED;
  const more = language === 'zh' ? `等 ${names.length} 个工作流` : `and ${rest} more`;
  const shown = names.slice(0, NAMED);
  return language === 'zh' ? `${shown.join('、')}${rest > 0 ? more : ''}` : [...shown, ...(rest > 0 ? [more] : [])].join(', ');
}

/** The one notification for notices of one kind. */
export function messageOf(group: readonly Notice[], language: MenuLanguage): Message {
  const last = group.at(-1);
  if (last === undefined) throw new RangeError('A notification of nothing.');
  const { kind, workflowName } = last;
  const count = group.reduce((sum, notice) => sum + notice.count, 0);
  const together = new Set(group.map((notice) => notice.workflowId)).size === 1;
  const words = WORDS[kind];
  const say = count === 1 ? words.one : together ? words.same : words.several;
  const detail = last.detail === '' ? ALONE[kind][language] : last.detail;
  const list = last.place === schedulesPlace ? schedulesPlace : together ? runsOf(last.workflowId) : runsPlace;
  return { title: say[language](count, workflowName), body: together ? detail : namesOf(group, language), place: group.length === 1 ? last.place : list };
}
