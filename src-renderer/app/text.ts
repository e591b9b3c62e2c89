import type { Text } from '#shared/node-spec';
import { phrase, say } from '../i18n/text.ts';

export const appText = {
  navigation: say('Places', '导航'),
  lost: say('Connection to the studio lost. Trying again…', '与工作室的连接已断开，正在重试…'),
  lostElectron: say('The studio stopped answering. Close the window and open it again; saved work and drafts are kept.', '工作室已停止响应。请关闭窗口后重新打开；已保存的内容和草稿不会丢失。'),
  lostFor: phrase<[time: string]>((_f, time) => `for ${time}`, (_f, time) => `已 ${time}`),
  crashed: say('This place could not be shown', '无法显示此页面'),
  crashedHelp: say('Your files and runs are safe. Try again, or copy the detail into a report.', '您的文件和运行记录是安全的。请重试，或复制技术细节用于反馈。'),
  reload: say('Reload the window', '重新加载窗口'),
  runsGoing: phrase<[runs: number]>((f, runs) => `${f.number(runs)} going on`, (f, runs) => `${f.number(runs)} 个进行中`),
  runsPaused: phrase<[runs: number]>(
    (f, runs) => `${f.number(runs)} ${f.plural(runs, { one: 'waits', other: 'wait' })} for an answer`,
    (f, runs) => `${f.number(runs)} 个等待答复`,
  ),
  search: say('Search or run a command', '搜索或执行命令'),
};

export const placeText: Readonly<Record<'library' | 'runs' | 'schedules' | 'monitor' | 'settings', Text>> = {
  library: say('Library', '工作流库'),
  runs: say('Runs', '运行记录'),
  schedules: say('Schedules', '定时计划'),
  monitor: say('Monitor', '监控'),
  settings: say('Settings', '设置'),
};
