import type { Text } from '#shared/node-spec';
import type { WorkflowNode, WorkflowSettings } from '#shared/workflow/workflow';
import type { Format } from '../i18n/format.ts';
import { phrase, say } from '../i18n/text.ts';
import { writeDuration } from './duration.ts';
import type { RetryPlan } from './retry-plan.ts';

/** What the inspector says. */
export const words = {
  config: say('Configure', '配置'),
  settings: say('Settings', '设置'),
  name: say('Name', '名称'),
  id: say('Id', '标识'),
  noParams: say('This node has nothing to configure.', '此节点无需配置。'),
  unknown: say('Nobody knows this node type', '未知的节点类型'),
  unknownText: say('The file was made by another version, or the type’s name is misspelt. The node is kept as it is.', '文件可能由其他版本创建，或类型名称有误。该节点将原样保留。'),
  note: say('Note', '备注'),
  noteHelp: say('Kept in the file, for whoever reads it next.', '保存在文件中，供后续阅读者参考。'),
  disabled: say('Switched off', '停用'),
  disabledHelp: say('The node and what only it feeds are skipped.', '该节点及仅由其供数的节点将被跳过。'),
  onError: say('When it fails', '失败时'),
  stop: say('Stop the run', '停止运行'),
  continue: say('Go on without it', '忽略并继续'),
  errorPort: say('Hand the failure on', '将失败转出'),
  retry: say('Try again when it fails', '失败后重试'),
  retryHelp: say('It is tried once.', '只尝试一次。'),
  attempts: say('Tries in all', '总尝试次数'),
  backoff: say('Waits', '等待时间'),
  constant: say('Stay the same', '固定不变'),
  exponential: say('Doubling', '每次加倍'),
  firstWait: say('First wait', '首次等待'),
  longestWait: say('Longest wait', '最长等待'),
  jitter: say('Spread (± %)', '随机幅度（± %）'),
  jitterHelp: say('The spread keeps nodes that failed together from coming back at the same moment. What trying again can’t mend, a wrong setting for one, is not tried again.', '随机幅度可避免同时失败的节点同时重试。重试无法解决的失败（例如设置有误）不会重试。'),
  timeout: say('Time limit of a try', '单次尝试时限'),
  timeoutHelp: say('A try that takes longer has failed. For example 30 s, 5 min, 2 h.', '超过时限即视为失败。例如 30 秒、5 分、2 小时。'),
  noTimeout: say('None', '无'),
  checkpoint: say('Keep output', '保留输出'),
  checkpointHelp: say('The rows are kept as a file, so that a run that is taken up again, or run again from a later node, need not compute them.', '数据会保存为文件：中断后继续的运行，或从后续节点重新运行时，无需再次计算。'),
  badDuration: say('A time such as 30 s, 5 min or 1 h 30 min', '请输入时间，例如 30 秒、5 分 或 1 小时 30 分'),
  badWhole: phrase<[least: number, most: number]>(
    (f, least, most) => `A whole number from ${f.number(least)} to ${f.number(most)}`,
    (f, least, most) => `请输入 ${f.number(least)} 到 ${f.number(most)} 的整数`,
  ),
  pinned: phrase<[rows: number]>(
    (f, rows) => `${f.plural(rows, { one: 'This', other: 'These' })} ${f.number(rows)} ${f.plural(rows, { one: 'row is', other: 'rows are' })} used instead of running it.`,
    (f, rows) => `运行时直接使用这 ${f.number(rows)} 行数据，不执行此节点。`,
  ),
  pinnedShow: say('Show rows', '查看数据'),
  unpin: say('Unpin', '取消固定'),
  runs: say('Runs', '运行'),
  recovery: say('After a crash', '崩溃之后'),
  recoveryResume: say('Go on', '继续运行'),
  recoveryAsk: say('Ask first', '先询问'),
  recoveryFail: say('End as failed', '以失败结束'),
  workflow: say('Workflow', '工作流'),
  description: say('Description', '描述'),
  tags: say('Tags', '标签'),
  tagsHelp: say('Separated by commas.', '以逗号分隔。'),
  memory: say('Memory limit (MiB)', '内存上限（MiB）'),
  memoryHelp: say('Of the worker that runs it; beyond it, data spills to disk.', '执行该工作流的工作进程的上限；超出时数据会写入磁盘。'),
  standard: say('As in the settings', '使用全局设置'),
  runTimeout: say('Time limit of a run', '单次运行时限'),
  runTimeoutHelp: say('Time in which the run stands still, or waits in the queue, doesn’t count.', '中断和排队的时间不计入。'),
  concurrent: say('Runs at once', '同时运行数'),
  concurrentHelp: say('More of them wait in the queue.', '超出的运行会排队等待。'),
  noLimit: say('No limit of its own', '不单独限制'),
  priority: say('Priority', '优先级'),
  priorityHelp: say('In the queue higher numbers come first; equal ones take turns by workflow.', '数字越大越先执行；相同优先级的工作流轮流执行。'),
  file: say('File', '文件'),
  runsHere: say('Run to here', '运行到此处'),
  arrange: say('Arrange', '排列'),
};

/** What each answer to "when it fails" comes to. */
export const onErrorHelp: Readonly<Record<NonNullable<WorkflowNode['onError']>, Text>> = {
  stop: say('The run ends as failed.', '运行以失败结束。'),
  continue: say('What reads its rows is skipped, the rest goes on.', '读取其数据的节点将被跳过，其余节点继续运行。'),
  errorPort: say('The node has a further output, Errors: rows that fail in an expression go there while the rest go on, and any other failure comes out of it as one row.', '节点会多出一个“错误”输出：表达式出错的行从这里流出，其余行照常继续；其他失败则作为一行数据流出。'),
};

/** What becomes of a run that a crash interrupted. */
export const recoveryHelp: Readonly<Record<NonNullable<WorkflowSettings['recovery']>, Text>> = {
  resume: say('A run that was interrupted goes on by itself from what it had finished.', '被中断的运行会自动从已完成的部分继续。'),
  ask: say('A run that was interrupted waits until somebody says whether to go on.', '被中断的运行会等待，直到有人决定是否继续。'),
  fail: say('A run that was interrupted ends as failed, with the reason.', '被中断的运行以失败结束，并注明原因。'),
};

const spread = (f: Format, { jitter }: RetryPlan): string => (jitter === 0 ? '' : f.language === 'zh' ? `（±${f.number(jitter * 100)} %）` : ` (±${f.number(jitter * 100)} %)`);

const inEnglish = (ms: number): string => writeDuration(ms, 'en');
const inChinese = (ms: number): string => writeDuration(ms, 'zh');

/** A retry policy in a sentence. */
export const retrySentence = phrase<[plan: RetryPlan]>(
  (f, plan) => {
    const times = `Tries up to ${f.number(plan.attempts)} times`;
    if (plan.total === 0) return `${times}, at once each time.`;
    const inAll = plan.attempts === 2 ? '' : ` Waits ${inEnglish(plan.total)} in all.`;
    if (plan.steady) return `${times}: again after ${inEnglish(plan.waits[0] ?? 0)}${plan.attempts === 2 ? '' : ' each time'}${spread(f, plan)}.${inAll}`;
    if (plan.more === 0) return `${times}: after ${plan.waits.map(inEnglish).join(', ')}${spread(f, plan)}.${inAll}`;
    return `${times}: after ${plan.waits.map(inEnglish).join(', ')} and so on, up to ${inEnglish(plan.longest)}${spread(f, plan)}.${inAll}`;
  },
  (f, plan) => {
    const times = `最多尝试 ${f.number(plan.attempts)} 次`;
    if (plan.total === 0) return `${times}，失败后立即重试。`;
    const inAll = plan.attempts === 2 ? '' : `共等待 ${inChinese(plan.total)}。`;
    if (plan.steady) return `${times}：${plan.attempts === 2 ? '' : '每次'}等待 ${inChinese(plan.waits[0] ?? 0)}后重试${spread(f, plan)}。${inAll}`;
    if (plan.more === 0) return `${times}：依次等待 ${plan.waits.map(inChinese).join('、')}${spread(f, plan)}。${inAll}`;
    return `${times}：依次等待 ${plan.waits.map(inChinese).join('、')}……最长 ${inChinese(plan.longest)}${spread(f, plan)}。${inAll}`;
  },
);
