import type { EventData, PauseAnswer } from '#shared/events';
import type { Text } from '#shared/node-spec';
import type { Effect } from '#shared/run/run';
import type { Attempt } from '#shared/run/run';
import { phrase, say } from '../i18n/text.ts';

/** What a run's page says about going on, running again and looking back. */
export const words = {
  // Moments
  previousFailure: say('Previous failure', '上一次失败'),
  nextFailure: say('Next failure', '下一次失败'),
  failures: phrase<[count: number]>((f, count) => `${f.number(count)} ${f.plural(count, { one: 'failure or standstill', other: 'failures and standstills' })}`, (f, count) => `${f.number(count)} 处失败或停顿`),
  copyLink: say('Copy a link to this moment', '复制此时刻的链接'),
  linkCopied: say('Copied the link', '已复制链接'),
  notYet: say('Not yet', '尚未产生'),
  notYetHelp: phrase<[node: string]>(
    (_f, node) => `${node} had not completed at this event. Go on through the events, or back to the latest.`,
    (_f, node) => `在此事件时，${node} 尚未完成。请继续向后回放，或回到最新事件。`,
  ),
  noConsoleYet: say('Nothing had been written to the console at this event', '在此事件时控制台还没有输出'),
  laterRows: say('Rows of a later attempt', '来自之后一次尝试的数据行'),

  // Standing still
  paused: say('This run waits for your answer', '此次运行正在等待您的答复'),
  doubtful: say(
    'It was interrupted while something was being done outside, and nothing shows whether it happened. Repeated, this may be done a second time:',
    '运行在对外执行操作时中断，无法判断操作是否已经发生。如果重复执行，以下操作可能会执行第二次：',
  ),
  doneBefore: say('To go on, it would do again what has been done already:', '若要继续，将再次执行已经完成的操作：'),
  pausedRecovery: phrase<[reason: string]>(
    (_f, reason) => `It was interrupted, and the workflow is set to ask before it goes on. ${reason}`,
    (_f, reason) => `运行已中断，且工作流设置为继续之前先询问。${reason}`,
  ),
  wasAsked: say('It waited for an answer here.', '运行曾在此处等待答复。'),
  answers: say('Answers', '答复'),
  interrupted: say('Interrupted', '已中断'),
  goesOn: say('It goes on by itself: the studio resumes it as soon as it can, at the latest when it next starts.', '运行会自动继续：工作室会尽快恢复，最迟在下次启动时恢复。'),

  repeats: phrase<[nodes: number]>((f, nodes) => `${f.number(nodes)} ${f.plural(nodes, { one: 'node runs', other: 'nodes run' })} again`, (f, nodes) => `${f.number(nodes)} 个节点重新运行`),

  // Where it comes from, what it went through
  rerunOf: say('Rerun of', '重新运行自'),
  forkOf: say('Fork of', '分叉自'),
  anotherRun: say('an earlier run', '之前的一次运行'),
  fromEvent: phrase<[version: number]>((f, version) => `from event ${f.number(version)}`, (f, version) => `自第 ${f.number(version)} 个事件起`),
  fromNode: phrase<[node: string]>((_f, node) => `from ${node}`, (_f, node) => `自 ${node} 起`),
  resumedTimes: phrase<[times: number]>(
    (f, times) => `Resumed ${times === 1 ? 'once' : `${f.number(times)} times`}`,
    (f, times) => `恢复过 ${f.number(times)} 次`,
  ),
  lostAttempts: phrase<[attempts: number]>(
    (f, attempts) => `${f.number(attempts)} ${f.plural(attempts, { one: 'attempt', other: 'attempts' })} lost`,
    (f, attempts) => `丢失 ${f.number(attempts)} 次尝试`,
  ),
  reusedNodes: phrase<[nodes: number]>(
    (f, nodes) => `${f.number(nodes)} ${f.plural(nodes, { one: 'node', other: 'nodes' })} reused`,
    (f, nodes) => `复用 ${f.number(nodes)} 个节点`,
  ),
  opened: say('Opened from a file: it can be looked at and compared. To run it, open its workflow in a studio that has it.', '从文件打开：可以查看和比较。要运行它，请在拥有该工作流的工作室中打开。'),

  // Actions
  rerunFrom: phrase<[node: string]>((_f, node) => `Run again from ${node}`, (_f, node) => `从 ${node} 重新运行`),
  rerunFailure: say('Run again from the failure', '从失败处重新运行'),
  rerunStopped: say('Run again from where it stopped', '从停止处重新运行'),
  rerunFailureHelp: say('What had completed is reused where it still stands; the rest runs again.', '已完成且仍然有效的部分会被复用，其余部分重新运行。'),
  runAgainHelp: say('Runs the whole workflow as it is saved now.', '按当前保存的内容运行整个工作流。'),
  rerunHere: say('Run again from here', '从此处重新运行'),
  rerunHereHelp: say('This node and what follows it run again; what comes before is reused where it still stands.', '此节点及其后续节点重新运行；之前的部分在仍然有效时复用。'),
  forkHere: phrase<[version: number]>((f, version) => `Fork from event ${f.number(version)}…`, (f, version) => `从第 ${f.number(version)} 个事件分叉…`),
  compareWith: say('Compare with another run…', '与另一次运行比较…'),
  exportWith: say('Export with data', '导出（含数据）'),
  exportWithout: say('Export without data', '导出（不含数据）'),
  exported: phrase<[file: string]>((_f, file) => `Exported as ${file}`, (_f, file) => `已导出为 ${file}`),
  openFile: say('Open a run file…', '打开运行文件…'),
  notARunFile: phrase<[file: string]>((_f, file) => `${file} could not be opened`, (_f, file) => `无法打开 ${file}`),

  // The run
  runFacts: say('About the run', '运行信息'),
  ended: say('Ended', '结束于'),
  priority: say('Priority', '优先级'),
  file: say('File', '文件'),
  id: say('ID', '编号'),
  pickNodeFacts: say('Choose a node to see its attempts and what it gave.', '选择一个节点查看其各次尝试和输出。'),

  // A node
  nodeFacts: say('Node', '节点'),
  closeNode: say('Close the node’s facts', '关闭节点信息'),
  attempts: say('Attempts', '尝试'),
  toAttempt: phrase<[attempt: number]>((f, attempt) => `Go to attempt ${f.number(attempt)}`, (f, attempt) => `转到第 ${f.number(attempt)} 次尝试`),
  noAttempts: say('It has not started.', '尚未开始。'),
  reused: say('Reused', '已复用'),
  reusedFrom: say('Its output was reused from', '其输出复用自'),
  keptOutputs: say('Kept output', '保留的输出'),
  written: say('Written', '已写出'),
  effects: say('Effects outside', '外部效果'),
  diverted: say('Its failure went on as a row of its error port.', '其失败已作为一行数据转到错误端口。'),
  retryIn: phrase<[ms: number]>((f, ms) => `Tries again in ${f.duration(ms)}`, (f, ms) => `${f.duration(ms)}后重试`),
  retryDue: say('Tries again now', '即将重试'),
  waited: phrase<[ms: number]>((f, ms) => `Waited ${f.duration(ms)} before the next attempt`, (f, ms) => `下一次尝试前等待了 ${f.duration(ms)}`),
  standstill: phrase<[ms: number]>((f, ms) => `Nothing ran for ${f.duration(ms)}`, (f, ms) => `停顿 ${f.duration(ms)}`),

  // The list
  selectRun: phrase<[name: string]>((_f, name) => `Select ${name} to compare`, (_f, name) => `选择 ${name} 进行比较`),
  chooseOneMore: say('Choose one more run to compare', '再选择一次运行即可比较'),
  compare: say('Compare', '比较'),
  deselect: say('Take it out', '移出'),
  chosenRuns: say('Runs to compare', '要比较的运行'),
  selectHint: say('Tick two runs, or Ctrl-click them, to compare.', '勾选或按住 Ctrl 点击两次运行即可比较。'),
  between: say('Between two days', '指定日期范围'),
  fromDay: say('From', '从'),
  toDay: say('To', '至'),
};

/** An answer's button, and what it does in a sentence. */
export const answerText: Readonly<Record<PauseAnswer, { readonly label: Text; readonly help: Text }>> = {
  repeat: { label: say('Repeat', '重复执行'), help: say('It is done again, and the run goes on.', '再次执行，然后继续运行。') },
  skip: { label: say('Take it as done', '视为已完成'), help: say('It is not done again; the run goes on after it.', '不再执行，运行从其后继续。') },
  stop: { label: say('Stop the run', '停止运行'), help: say('Nothing more is done; the run ends as failed.', '不再做任何事，运行以失败结束。') },
};
/** Where nothing could happen twice, `repeat` only means to go on. */
export const goOnText = { label: say('Go on', '继续运行'), help: say('What had completed stands; the rest runs from there.', '已完成的部分保留，其余部分从那里继续。') };

/** Why a run goes on. */
export const resumedText: Readonly<Record<EventData<'WorkflowResumed'>['by'], Text>> = {
  recovery: say('By itself, after an interruption', '中断后自动恢复'),
  person: say('By an answer', '根据答复恢复'),
  worker: say('By itself, with another worker', '由另一工作进程自动恢复'),
};

export const effectText: Readonly<Record<Effect['state'], Text>> = {
  intended: say('May have happened', '可能已发生'),
  confirmed: say('Happened', '已发生'),
  dropped: say('Did not happen', '未发生'),
};

export const outcomeText: Readonly<Record<Attempt['outcome'], Text>> = {
  running: say('Running', '运行中'),
  completed: say('Completed', '已完成'),
  failed: say('Failed', '失败'),
  stopped: say('Stopped', '已停止'),
  lost: say('Lost', '已丢失'),
};
