import type { NodeSpec, Param } from '#shared/node-spec';
import { connection, headers, limits, method, option, query } from '../../connectors/http/params.ts';
import { ROWS_OUT } from '../ports.ts';

const when = (param: string, ...equals: readonly string[]): Pick<Param, 'visibleWhen'> => ({ visibleWhen: { param, equals } });

const body: readonly Param[] = [
  { name: 'send', label: { en: 'Body', zh: '请求体' }, help: { en: 'What is sent along with POST, PUT and PATCH.', zh: '随 POST、PUT、PATCH 发送的内容。' }, widget: { kind: 'select', options: [option('none', 'Nothing', '无'), option('json', 'JSON', 'JSON'), option('text', 'Text', '文本'), option('form', 'Form fields', '表单字段')] }, default: 'none' },
  { name: 'body', label: { en: 'Content', zh: '内容' }, help: { en: 'The JSON or the text that is sent.', zh: '发送的 JSON 或文本。' }, widget: { kind: 'multiline', placeholder: '{"query": "…"}' }, default: '', ...when('send', 'json', 'text') },
  { name: 'form', label: { en: 'Fields', zh: '字段' }, help: { en: 'Names and values, sent as a web form does.', zh: '按网页表单方式发送的名称与值。' }, widget: { kind: 'map', keyLabel: { en: 'Name', zh: '名称' }, valueLabel: { en: 'Value', zh: '值' } }, default: {}, ...when('send', 'form') },
];

const answer: readonly Param[] = [
  {
    name: 'format', label: { en: 'Answer', zh: '响应格式' }, help: { en: 'What the answer is. Automatic goes by its Content-Type. Text and binary are one row with the column `value`.', zh: '响应的格式。“自动”按 Content-Type 判断。文本与二进制为一行，列名为 `value`。' },
    widget: { kind: 'select', options: [option('auto', 'Automatic', '自动'), option('json', 'JSON', 'JSON'), option('ndjson', 'JSON lines', 'JSON 行'), option('csv', 'CSV', 'CSV'), option('lines', 'Lines of text', '文本行'), option('text', 'Text', '文本'), option('binary', 'Binary', '二进制')] }, default: 'auto',
  },
  { name: 'rows', label: { en: 'Rows at', zh: '行的位置' }, help: { en: 'Where the list of rows is in a JSON answer: $.items. Empty where the answer is the list, or is itself the one row. What is nested in a row becomes JSON.', zh: 'JSON 响应中行列表的位置：$.items。响应本身就是列表或一行时留空。行内嵌套的内容成为 JSON。' }, widget: { kind: 'text', placeholder: '$.items', maxLength: 500 }, default: '', ...when('format', 'auto', 'json') },
  { name: 'columns', label: { en: 'Types', zh: '列类型' }, help: { en: 'Types of columns that are not to be found out from all rows: id → VARCHAR.', zh: '不由数据推断的列类型：id → VARCHAR。' }, widget: { kind: 'map', keyLabel: { en: 'Column', zh: '列' }, valueLabel: { en: 'Type', zh: '类型' } }, default: {}, advanced: true },
  { name: 'charset', label: { en: 'Encoding', zh: '编码' }, help: { en: 'Empty goes by the answer’s own header, and is UTF-8 without one.', zh: '留空按响应头判断，没有时为 UTF-8。' }, widget: { kind: 'text', placeholder: 'gb18030', maxLength: 40 }, default: '', advanced: true },
];

const paging: readonly Param[] = [
  {
    name: 'paging', label: { en: 'Pages', zh: '分页' }, help: { en: 'How the service gives more than fits into one answer.', zh: '服务如何分多页返回数据。' },
    widget: { kind: 'select', options: [option('none', 'One answer', '单个响应'), option('link', 'Link header', 'Link 响应头'), option('cursor', 'Cursor or next address', '游标或下一页地址'), option('offset', 'Offset', '偏移量'), option('page', 'Page number', '页码')] }, default: 'none',
  },
  { name: 'cursorPath', label: { en: 'Cursor at', zh: '游标位置' }, help: { en: 'Where the answer tells the next cursor, or the address of the next page: $.next.', zh: '响应中下一游标或下一页地址的位置：$.next。' }, widget: { kind: 'text', placeholder: '$.next_cursor', maxLength: 500 }, required: true, ...when('paging', 'cursor') },
  { name: 'cursorParam', label: { en: 'Goes into', zh: '游标参数' }, help: { en: 'The parameter that takes the cursor; empty where it is the next address itself.', zh: '接收游标的参数；若游标就是下一页地址则留空。' }, widget: { kind: 'text', placeholder: 'cursor', maxLength: 200 }, default: '', ...when('paging', 'cursor') },
  { name: 'offsetParam', label: { en: 'Offset goes into', zh: '偏移参数' }, help: { en: 'The parameter that takes the number of rows to pass over.', zh: '接收跳过行数的参数。' }, widget: { kind: 'text', maxLength: 200 }, default: 'offset', ...when('paging', 'offset') },
  { name: 'pageParam', label: { en: 'Page goes into', zh: '页码参数' }, help: { en: 'The parameter that takes the number of the page.', zh: '接收页码的参数。' }, widget: { kind: 'text', maxLength: 200 }, default: 'page', ...when('paging', 'page') },
  { name: 'firstPage', label: { en: 'First page', zh: '首页页码' }, help: { en: 'The number of the first page.', zh: '第一页的页码。' }, widget: { kind: 'number', integer: true, min: 0, max: 1_000_000 }, default: 1, ...when('paging', 'page') },
  { name: 'limitParam', label: { en: 'Page size goes into', zh: '每页行数参数' }, help: { en: 'The parameter that takes the rows of a page; empty sends none.', zh: '接收每页行数的参数；留空则不发送。' }, widget: { kind: 'text', maxLength: 200 }, default: 'limit', ...when('paging', 'offset', 'page') },
  { name: 'pageSize', label: { en: 'Rows of a page', zh: '每页行数' }, help: { en: 'How many rows are asked for at a time. Pages are asked for until one is empty.', zh: '每次请求的行数；直到某页为空为止。' }, widget: { kind: 'number', integer: true, min: 1, max: 1_000_000 }, default: 100, ...when('paging', 'offset', 'page') },
  { name: 'maxPages', label: { en: 'Most pages', zh: '最多页数' }, help: { en: 'No more pages are asked for.', zh: '最多请求的页数。' }, widget: { kind: 'number', integer: true, min: 1, max: 1_000_000 }, default: 1000, ...when('paging', 'link', 'cursor', 'offset', 'page') },
  { name: 'whenMore', label: { en: 'When there are more', zh: '超过时' }, help: { en: 'What happens when there are more pages than that.', zh: '页数超过上限时如何处理。' }, widget: { kind: 'select', options: [option('fail', 'Fail', '失败'), option('stop', 'Go on without them', '忽略其余')] }, default: 'fail', ...when('paging', 'link', 'cursor', 'offset', 'page') },
];

/** Rows that a web service answers with. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'http.request',
  label: { en: 'Web request', zh: 'Web 请求' },
  summary: { en: 'Asks a web service for rows: JSON, CSV or text, page by page, with its login, its limits and further tries.', zh: '向 Web 服务请求数据：JSON、CSV 或文本，支持分页、登录、限速与重试。' },
  icon: 'globe',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    connection, method('GET'),
    { name: 'url', label: { en: 'Address', zh: '地址' }, help: { en: 'The whole address, or what comes after the connection’s base address.', zh: '完整地址，或连接基础地址之后的部分。' }, widget: { kind: 'text', placeholder: 'https://api.example.com/items', maxLength: 4000 }, required: true },
    query({ en: 'Added to the address, encoded as needed.', zh: '加到地址上，自动编码。' }), headers({ en: 'Sent with each request. They do not go along to another service; a login belongs into the connection.', zh: '随每个请求发送，不会带到其他服务；登录信息请放在连接中。' }),
    ...body, ...answer, ...paging, ...limits,
  ],
  keywords: ['http', 'api', 'rest', 'json', 'download', 'web', '接口', '网络', '下载'],
  repeatable: false,
};
