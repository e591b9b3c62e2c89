import type { NodeId } from '#shared/ids';
import type { Problem } from '#shared/workflow/workflow';

export type Language = 'en' | 'zh';
interface Said {
  readonly severity: Problem['severity'];
  /** The sentence and its remedy; `{word}` is filled from the problem's params. */
  readonly en: readonly [message: string, remedy: string];
  readonly zh: readonly [message: string, remedy: string];
}

/** Everything that can be wrong with a workflow, in both languages. Closed: a check can only report what stands here. */
export const PROBLEMS = {
  not_json: { severity: 'error', en: ['This is not JSON: {reason} at line {line}, column {column}.', 'Open the file in a text editor and mend that line.'], zh: ['这不是 JSON：第 {line} 行第 {column} 列，{reason}。', '请用文本编辑器修正该行。'] },
  empty_file: { severity: 'error', en: ['The file is empty.', 'Restore it from a copy, or delete it.'], zh: ['文件是空的。', '请从备份恢复或将其删除。'] },
  not_a_workflow: { severity: 'error', en: ['This is not a workflow: {found} was found where an object with `nodes` and `edges` is expected.', 'Choose a workflow file.'], zh: ['这不是工作流：应为含有 `nodes` 和 `edges` 的对象，实际为 {found}。', '请选择工作流文件。'] },
  too_deep: { severity: 'error', en: ['The file is nested more than {limit} levels deep.', 'No workflow needs that: choose another file.'], zh: ['文件嵌套超过 {limit} 层。', '工作流不需要这么深的嵌套，请选择其他文件。'] },
  newer_format: { severity: 'error', en: ['The file has format version {found}; this Millrace reads versions up to {known}.', 'Open it with a newer Millrace.'], zh: ['文件格式版本为 {found}，此版本最高支持 {known}。', '请使用更新版本的 Millrace 打开。'] },
  wrong_format_version: { severity: 'error', en: ['`formatVersion` must be a whole number from 1, but it is {found}.', 'Set it to {known}.'], zh: ['`formatVersion` 必须是从 1 开始的整数，实际为 {found}。', '请设为 {known}。'] },
  shape_missing: { severity: 'error', en: ['`{field}` is missing.', 'Add it: {expected}.'], zh: ['缺少 `{field}`。', '请添加：{expected}。'] },
  shape_type: { severity: 'error', en: ['`{field}` must be {expected}, but it is {found}.', 'Change it to {expected}.'], zh: ['`{field}` 应为 {expected}，实际为 {found}。', '请改为 {expected}。'] },
  shape_value: { severity: 'error', en: ['`{field}` is not allowed: {reason}.', 'Change the value.'], zh: ['`{field}` 的值不允许：{reason}。', '请修改该值。'] },
  more: { severity: 'error', en: ['{count} more problems are not listed.', 'Mend the first ones and check again.'], zh: ['另有 {count} 个问题未列出。', '请先修正前面的问题再检查。'] },
  no_nodes: { severity: 'error', en: ['The workflow has no nodes.', 'Drag a source onto the canvas.'], zh: ['工作流没有节点。', '请将一个数据源拖到画布上。'] },
  no_source: { severity: 'error', en: ['The workflow has no source: no rows would ever come.', 'Add a source such as `file.csv` and connect it.'], zh: ['工作流没有数据源，不会产生任何数据。', '请添加并连接数据源，例如 `file.csv`。'] },
  all_disabled: { severity: 'error', en: ['Every source is disabled: no rows would ever come.', 'Enable a source.'], zh: ['所有数据源都已停用，不会产生任何数据。', '请启用一个数据源。'] },
  duplicate_node: { severity: 'error', en: ['{count} nodes have the id “{id}”.', 'Give each node an id of its own.'], zh: ['有 {count} 个节点使用了相同的 id“{id}”。', '请为每个节点设置不同的 id。'] },
  duplicate_edge: { severity: 'error', en: ['{count} edges have the id “{id}”.', 'Give each edge an id of its own.'], zh: ['有 {count} 条连线使用了相同的 id“{id}”。', '请为每条连线设置不同的 id。'] },
  unknown_type: { severity: 'error', en: ['There is no node type “{type}/{nodeType}”.', 'Choose one from the palette.'], zh: ['没有节点类型“{type}/{nodeType}”。', '请从节点面板中选择。'] },
  unknown_type_near: { severity: 'error', en: ['There is no node type “{type}/{nodeType}”.', 'Did you mean “{near}”?'], zh: ['没有节点类型“{type}/{nodeType}”。', '是否想用“{near}”？'] },
  cycle: { severity: 'error', en: ['The nodes form a circle: {nodes}.', 'Remove one of the edges between them.'], zh: ['节点形成了循环：{nodes}。', '请删除其中一条连线。'] },
  edge_unknown_node: { severity: 'error', en: ['Edge “{edge}” {end} “{id}”, and there is no such node.', 'Remove the edge, or correct the id.'], zh: ['连线“{edge}”引用了不存在的节点“{id}”。', '请删除该连线或更正 id。'] },
  edge_unknown_port: { severity: 'error', en: ['Edge “{edge}” uses the {side} “{port}” of “{id}”, which has: {ports}.', 'Use one of those.'], zh: ['连线“{edge}”使用了“{id}”不存在的端口“{port}”，可用端口：{ports}。', '请使用其中一个端口。'] },
  sink_output: { severity: 'error', en: ['Edge “{edge}” leaves “{id}”, and a {nodeType} sink has no output.', 'Remove the edge, or start it at a source or transform.'], zh: ['连线“{edge}”从“{id}”引出，但输出节点 {nodeType} 没有输出端口。', '请删除该连线，或改从数据源或转换节点引出。'] },
  source_input: { severity: 'error', en: ['Edge “{edge}” enters “{id}”, and a {nodeType} source has no input.', 'Remove the edge, or end it at a transform or sink.'], zh: ['连线“{edge}”进入“{id}”，但数据源 {nodeType} 没有输入端口。', '请删除该连线，或改接到转换或输出节点。'] },
  too_many_edges: { severity: 'error', en: ['{count} edges end at the input “{port}”, which takes one.', 'Remove all but one.'], zh: ['有 {count} 条连线接到输入“{port}”，但它只能接一条。', '请只保留一条。'] },
  repeated_edge: { severity: 'warning', en: ['Edge “{edge}” joins the same two ports as “{other}”: the rows come twice.', 'Remove one of them.'], zh: ['连线“{edge}”与“{other}”连接相同的端口，数据会重复。', '请删除其中一条。'] },
  unreachable: { severity: 'error', en: ['Nothing is connected to the input “{port}” of “{id}”: no rows can reach it.', 'Connect it to a source or transform, or remove the node.'], zh: ['“{id}”的输入“{port}”没有连接，数据无法到达。', '请连接到数据源或转换节点，或删除该节点。'] },
  unused: { severity: 'warning', en: ['Nobody takes the rows of “{id}”.', 'Connect it to a sink, or remove it.'], zh: ['没有节点使用“{id}”的数据。', '请连接到输出节点，或将其删除。'] },
  starved: { severity: 'warning', en: ['“{id}” will be skipped, because “{from}” is disabled.', 'Enable “{from}”, or disable this node too.'], zh: ['由于“{from}”已停用，“{id}”将被跳过。', '请启用“{from}”，或同时停用此节点。'] },
  config_missing: { severity: 'error', en: ['“{label}” is missing.', 'Fill in `{field}`: {help}'], zh: ['缺少“{label}”。', '请填写 `{field}`：{help}'] },
  config_type: { severity: 'error', en: ['`{field}` must be {expected}, but it is {found}.', 'Change it to {expected}.'], zh: ['`{field}` 应为 {expected}，实际为 {found}。', '请改为 {expected}。'] },
  config_range: { severity: 'error', en: ['`{field}` must be {bound}, but it is {found}.', 'Change the number.'], zh: ['`{field}` 应 {bound}，实际为 {found}。', '请修改该数值。'] },
  config_option: { severity: 'error', en: ['`{field}` can’t be “{found}”.', 'Use one of: {options}.'], zh: ['`{field}` 不能为“{found}”。', '可选值：{options}。'] },
  config_pattern: { severity: 'error', en: ['`{field}` has the wrong form: “{found}”.', '{help}'], zh: ['`{field}` 的格式不正确：“{found}”。', '{help}'] },
  config_url: { severity: 'error', en: ['`{field}` is an address, “{found}”, not the path of a file.', 'Download the file and name it by its path: nodes for files read and write no addresses.'], zh: ['`{field}` 是网址“{found}”，不是文件路径。', '请先下载文件，再填写其路径：文件节点不读写网址。'] },
  config_nul: { severity: 'error', en: ['`{field}` holds a NUL character, which no path can.', 'Remove it.'], zh: ['`{field}` 含有空字符（NUL），路径中不允许。', '请删除该字符。'] },
  config_too_long: { severity: 'error', en: ['`{field}` has {found} characters; {limit} are allowed.', 'Shorten it.'], zh: ['`{field}` 有 {found} 个字符，最多 {limit} 个。', '请缩短。'] },
  config_unknown: { severity: 'warning', en: ['`{field}` means nothing to this node type; it is kept and ignored.', 'Remove it.'], zh: ['此节点类型没有 `{field}`；将保留但忽略。', '请将其删除。'] },
  config_unknown_near: { severity: 'warning', en: ['`{field}` means nothing to this node type; it is kept and ignored.', 'Did you mean `{near}`?'], zh: ['此节点类型没有 `{field}`；将保留但忽略。', '是否想用 `{near}`？'] },
  errors_unread: { severity: 'warning', en: ['What fails in “{id}” goes to its port `error`, and nothing is connected there: it is lost.', 'Connect `error` to a sink, or let the run stop at a failure.'], zh: ['“{id}”中失败的数据会送到端口 `error`，但该端口没有连接，数据会丢失。', '请将 `error` 连接到输出节点，或选择失败时停止运行。'] },
  retry_waits: { severity: 'warning', en: ['The first wait of {initial} ms is longer than the longest of {most} ms: every wait is {most} ms.', 'Raise `maxMs`, or lower `initialMs`.'], zh: ['首次等待 {initial} 毫秒超过了最长等待 {most} 毫秒，每次都会等待 {most} 毫秒。', '请增大 `maxMs` 或减小 `initialMs`。'] },
  checkpoint_sink: { severity: 'warning', en: ['“{id}” gives no rows: there is nothing to keep at this checkpoint.', 'Remove `checkpoint`.'], zh: ['“{id}”不产生数据，没有可保留的输出。', '请删除 `checkpoint`。'] },
  checkpoint_disabled: { severity: 'warning', en: ['“{id}” is disabled: nothing is kept at its checkpoint.', 'Enable the node, or set the checkpoint on the one before it.'], zh: ['“{id}”已停用，不会保留其输出。', '请启用该节点，或在其上游节点保留输出。'] },
  pin_missing: { severity: 'error', en: ['“{id}” is pinned, but nothing is pinned for its output “{port}”, which is connected.', 'Pin the rows of that output too, or remove the pin.'], zh: ['“{id}”已固定样本，但已连接的输出“{port}”没有固定的数据。', '请同时固定该输出的数据，或取消固定。'] },
  pin_unknown: { severity: 'warning', en: ['Rows are pinned for the output “{port}”, which “{id}” doesn’t have; it has: {ports}.', 'Remove them from the pin.'], zh: ['固定的样本中有“{id}”不存在的输出“{port}”，可用输出：{ports}。', '请从固定的样本中删除。'] },
  pin_no_columns: { severity: 'error', en: ['The rows pinned at `{field}` have no columns.', 'Pin them again after a run, or remove the pin.'], zh: ['固定在 `{field}` 的数据没有列。', '请在运行后重新固定，或取消固定。'] },
  pin_same_column: { severity: 'error', en: ['Two columns pinned at `{field}` are called “{name}”.', 'Rename one of them, or remove the pin.'], zh: ['固定在 `{field}` 的数据有两列都名为“{name}”。', '请重命名其中一列，或取消固定。'] },
  pin_width: { severity: 'error', en: ['`{field}` has {found} values, and there are {columns} columns.', 'Give the row one value for each column, or remove the pin.'], zh: ['`{field}` 有 {found} 个值，但共有 {columns} 列。', '请使每行的值与列一一对应，或取消固定。'] },
  same_file: { severity: 'error', en: ['“{node}” and “{other}” would both write {path}: the rows of one would be lost.', 'Give each a file of its own, or lead both into one sink.'], zh: ['“{node}”与“{other}”会写入同一个文件 {path}，其中一方的数据会丢失。', '请使用不同的文件，或将两者接到同一个输出节点。'] },
  config_refused: { severity: 'error', en: ['{message}', '{remedy}'], zh: ['{message}', '{remedy}'] },
  connection_missing: { severity: 'warning', en: ['There is no connection called “{name}” here.', 'Set it up under Settings › Connections, or choose another; until then the workflow can’t be run.'], zh: ['此处没有名为“{name}”的连接。', '请在“设置 › 连接”中创建，或选择其他连接；在此之前无法运行工作流。'] },
  connection_kind: { severity: 'warning', en: ['The connection “{name}” is of the kind {found}; this node needs {kinds}.', 'Choose another connection; until then the workflow can’t be run.'], zh: ['连接“{name}”的类型是 {found}，此节点需要 {kinds}。', '请选择其他连接；在此之前无法运行工作流。'] },
  setting_login: { severity: 'error', en: ['The address at `{field}` holds a login, which would not be sealed there.', 'Take it out of the address, and choose how to log in below.'], zh: ['`{field}` 的地址中含有登录信息，在此处不会被加密。', '请从地址中删除，并在下方选择登录方式。'] },
  setting_key: { severity: 'error', en: ['`{field}` holds a private key, which would not be sealed there.', 'Put it into the field for the private key.'], zh: ['`{field}` 中含有私钥，在此处不会被加密。', '请将其填入私钥字段。'] },
  setting_secret: { severity: 'error', en: ['`{field}` is a secret and can’t be a setting: it would not be sealed.', 'Give it as a secret.'], zh: ['`{field}` 是机密信息，不能作为普通设置：它不会被加密。', '请作为机密字段填写。'] },
  converted: { severity: 'warning', en: ['`{field}` was {found} and is read as {value}.', 'Save the workflow to keep it so.'], zh: ['`{field}` 原为 {found}，按 {value} 读取。', '保存工作流即可固定。'] },
  id_taken: { severity: 'warning', en: ['The id “{id}” belongs to another workflow; this one now has the id “{now}”.', 'Nothing needs to be done.'], zh: ['id“{id}”已被其他工作流使用，此工作流的 id 改为“{now}”。', '无需处理。'] },
  handle_dropped: { severity: 'warning', en: ['Edge “{edge}” named the {side} “{port}”, which “{id}” doesn’t have; it now uses “{used}”.', 'Check that this is what was meant.'], zh: ['连线“{edge}”使用了“{id}”没有的端口“{port}”，已改用“{used}”。', '请确认是否正确。'] },
  schedule_type: { severity: 'error', en: ['`{field}` of the schedule must be {expected}, but it is {found}.', 'Change it to {expected}.'], zh: ['定时计划的 `{field}` 应为 {expected}，实际为 {found}。', '请改为 {expected}。'] },
  schedule_missing: { severity: 'error', en: ['The schedule says no `{field}`.', 'Add it: {expected}.'], zh: ['定时计划缺少 `{field}`。', '请添加：{expected}。'] },
  schedule_option: { severity: 'error', en: ['`{field}` of the schedule can’t be “{found}”.', 'Use one of: {options}.'], zh: ['定时计划的 `{field}` 不能为“{found}”。', '可选值：{options}。'] },
  schedule_range: { severity: 'error', en: ['`{field}` of the schedule must be {bound}, but it is {found}.', 'Change it.'], zh: ['定时计划的 `{field}` 应 {bound}，实际为 {found}。', '请修改。'] },
  schedule_too_long: { severity: 'error', en: ['`{field}` of the schedule has {found} characters; {limit} are allowed.', 'Shorten it.'], zh: ['定时计划的 `{field}` 有 {found} 个字符，最多 {limit} 个。', '请缩短。'] },
  schedule_span: { severity: 'error', en: ['`{field}` of the schedule is no length of time: {found}.', 'Give a number and a unit, such as 30s, 15m, 1h or 1d.'], zh: ['定时计划的 `{field}` 不是时长：{found}。', '请填写数字加单位，例如 30s、15m、1h 或 1d。'] },
  schedule_instant: { severity: 'error', en: ['`{field}` of the schedule is no time: “{found}”.', 'Give an ISO time such as 2026-01-31T08:00:00Z, or without an offset on the clock of the schedule’s zone.'], zh: ['定时计划的 `{field}` 不是时间：“{found}”。', '请填写 ISO 时间，例如 2026-01-31T08:00:00Z；不带偏移量时按定时计划的时区计算。'] },
  schedule_zone: { severity: 'error', en: ['“{found}” is not a time zone.', 'Give an IANA name such as Europe/Zurich or UTC.'], zh: ['“{found}”不是时区。', '请填写 IANA 时区名，例如 Asia/Shanghai 或 UTC。'] },
  schedule_zone_near: { severity: 'error', en: ['“{found}” is not a time zone.', 'Did you mean “{near}”?'], zh: ['“{found}”不是时区。', '是否想用“{near}”？'] },
  schedule_zone_missing: { severity: 'warning', en: ['The schedule names no time zone: its times are read in UTC.', 'Add `timeZone`, such as Europe/Zurich or UTC.'], zh: ['定时计划没有指定时区：时间按 UTC 计算。', '请添加 `timeZone`，例如 Asia/Shanghai 或 UTC。'] },
  schedule_cron: { severity: 'error', en: ['{message}', '{remedy}'], zh: ['{message}', '{remedy}'] },
  schedule_never: { severity: 'warning', en: ['The schedule never runs: no date matches “{found}”.', 'Change the day or the month.'], zh: ['定时计划永远不会运行：没有日期符合“{found}”。', '请修改日或月。'] },
  schedule_key: { severity: 'error', en: ['“{found}” can’t be the key of a schedule.', 'Use letters, digits, - and _, at most 60 of them.'], zh: ['“{found}”不能作为定时计划的键。', '请使用字母、数字、- 和 _，最多 60 个。'] },
  schedule_key_twice: { severity: 'error', en: ['Two schedules of this workflow have the key “{key}”.', 'Give each a key of its own.'], zh: ['此工作流有两个定时计划使用了相同的键“{key}”。', '请为每个定时计划设置不同的键。'] },
  schedule_key_missing: { severity: 'warning', en: ['This schedule has no key; it is called “{key}” by its place in the list.', 'Give it a `key`, so that it stays the same when the list changes.'], zh: ['此定时计划没有键；按其在列表中的位置称为“{key}”。', '请添加 `key`，以便列表变化后仍能识别。'] },
  schedule_ignored: { severity: 'warning', en: ['`{field}` means nothing to a schedule of the kind {kind}; it is kept and ignored.', 'Remove it.'], zh: ['`{field}` 对 {kind} 类型的定时计划没有意义；将保留但忽略。', '请将其删除。'] },
  schedule_ignored_near: { severity: 'warning', en: ['`{field}` means nothing to a schedule of the kind {kind}; it is kept and ignored.', 'Did you mean `{near}`?'], zh: ['`{field}` 对 {kind} 类型的定时计划没有意义；将保留但忽略。', '是否想用 `{near}`？'] },
} as const satisfies Record<string, Said>;
export type ProblemCode = keyof typeof PROBLEMS;

const fill = (sentence: string, params: Readonly<Record<string, string>>): string => sentence.replaceAll(/\{(\w+)\}/gu, (whole, word: string) => params[word] ?? whole);

/** Words that stand in for a param in a sentence of the other language: kinds of values. */
const IN_CHINESE: Readonly<Record<string, string>> = {
  'a text': '文本',
  'a text or nothing': '文本或空值',
  'a number': '数字',
  'a whole number': '整数',
  'true or false': 'true 或 false',
  'a list': '列表',
  'a list of texts': '文本列表',
  'a list of objects': '对象列表',
  'an object': '对象',
  'an object of texts': '值为文本的对象',
  'rows (a list, or text in CSV or JSON)': '数据行（列表，或 CSV/JSON 文本）',
  nothing: '空值',
};

const inChinese = (value: string): string => IN_CHINESE[value] ?? value.replace(/^the text (“.*”)$/su, '文本$1');

/** A problem of a known code: its English sentence at once, and what another language needs to say it. */
export function problem(code: ProblemCode, params: Readonly<Record<string, string>>, at: { readonly node?: NodeId; readonly field?: string; readonly edge?: string; readonly severity?: Problem['severity'] } = {}): Problem {
  const said: Said = PROBLEMS[code];
  const remedy = fill(said.en[1], params);
  return { severity: said.severity, code, message: fill(said.en[0], params), ...(remedy === '' ? {} : { remedy }), ...at, params: { ...params } };
}

/** A problem's sentence and remedy in a language; English where the code or its params don't tell. */
export function problemText(said: Problem, language: Language): { readonly message: string; readonly remedy: string } {
  const known = Object.hasOwn(PROBLEMS, said.code) ? PROBLEMS[said.code as ProblemCode] : undefined;
  if (known === undefined || said.params === undefined || language === 'en') return { message: said.message, remedy: said.remedy ?? '' };
  const params = Object.fromEntries(Object.entries(said.params).map(([word, value]) => [word, said.params?.[`${word}:zh`] ?? inChinese(value)]));
  return { message: fill(known.zh[0], params), remedy: fill(known.zh[1], params) };
}

/** One line for a terminal: `keep.condition: message remedy`. */
export function problemLine(said: Problem): string {
  const place = [said.node, said.field].filter((part) => part !== undefined).join('.');
  return [place === '' ? said.message : `${place}: ${said.message}`, said.remedy].filter(Boolean).join(' ');
}
