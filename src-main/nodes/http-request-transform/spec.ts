import type { NodeSpec, Param } from '#shared/node-spec';
import { connection, headers, limits, method, option, query } from '../../connectors/http/params.ts';
import { ROWS_IN, ROWS_OUT } from '../ports.ts';

const when = (param: string, ...equals: readonly string[]): Pick<Param, 'visibleWhen'> => ({ visibleWhen: { param, equals } });

const request: readonly Param[] = [
  connection, method('GET'),
  { name: 'url', label: { en: 'Address', zh: '地址' }, help: { en: 'Where each row asks: /users/{id}. A {column} is filled in with the row’s value, encoded; it can’t change the host. {{ is a brace itself.', zh: '每行请求的地址：/users/{id}。{列名} 会替换为该行的值（已编码），不能改变主机。{{ 表示花括号本身。' }, widget: { kind: 'text', placeholder: '/users/{id}', maxLength: 4000 }, required: true },
  query({ en: 'Added to the address; {column} is the row’s value. One that is NULL is left out.', zh: '加到地址上；{列名} 为该行的值，NULL 则省略。' }),
  headers({ en: 'Sent with each request; {column} is the row’s value. A login belongs into the connection.', zh: '随每个请求发送；{列名} 为该行的值。登录信息请放在连接中。' }),
  { name: 'send', label: { en: 'Body', zh: '请求体' }, help: { en: 'What is sent along with POST, PUT and PATCH.', zh: '随 POST、PUT、PATCH 发送的内容。' }, widget: { kind: 'select', options: [option('none', 'Nothing', '无'), option('row', 'The row as JSON', '整行 JSON'), option('json', 'JSON', 'JSON'), option('text', 'Text', '文本'), option('form', 'Form fields', '表单字段')] }, default: 'none' },
  { name: 'body', label: { en: 'Content', zh: '内容' }, help: { en: 'JSON or text with {column} for the row’s values; in JSON, "{column}" alone keeps the value’s type.', zh: '含 {列名} 的 JSON 或文本；JSON 中单独的 "{列名}" 保留值的类型。' }, widget: { kind: 'multiline', placeholder: '{"id": "{id}"}' }, default: '', ...when('send', 'json', 'text') },
  { name: 'form', label: { en: 'Fields', zh: '字段' }, help: { en: 'Names and values, sent as a web form does; {column} is the row’s value.', zh: '按网页表单方式发送的名称与值；{列名} 为该行的值。' }, widget: { kind: 'map', keyLabel: { en: 'Name', zh: '名称' }, valueLabel: { en: 'Value', zh: '值' } }, default: {}, ...when('send', 'form') },
];

const answer: readonly Param[] = [
  { name: 'format', label: { en: 'Answer', zh: '响应格式' }, help: { en: 'What becomes of each answer: JSON, text, or bytes as they come.', zh: '响应的处理方式：JSON、文本或原始字节。' }, widget: { kind: 'select', options: [option('json', 'JSON', 'JSON'), option('text', 'Text', '文本'), option('binary', 'Binary', '二进制')] }, default: 'json' },
  { name: 'into', label: { en: 'Column', zh: '列名' }, help: { en: 'The column that takes the answer. Status, headers and the like are named after it.', zh: '存放响应的列；状态、响应头等列名以它开头。' }, widget: { kind: 'text', maxLength: 200 }, default: 'response' },
  {
    name: 'fields', label: { en: 'Columns from it', zh: '提取的列' }, help: { en: 'Values taken out of a JSON answer into columns of their own, which then stand in for it.', zh: '从 JSON 响应中提取为独立列的值，提取后不再保留整个响应列。' },
    widget: { kind: 'list', addLabel: { en: 'Add a column', zh: '添加列' }, item: [
      { name: 'name', label: { en: 'Name', zh: '名称' }, help: { en: 'The column’s name.', zh: '列名。' }, widget: { kind: 'text', maxLength: 200 }, required: true },
      { name: 'path', label: { en: 'Place', zh: '位置' }, help: { en: 'Where the value is: $.address.city. What is not there is NULL.', zh: '值的位置：$.address.city。不存在时为 NULL。' }, widget: { kind: 'text', placeholder: '$.address.city', maxLength: 500 }, required: true },
      { name: 'type', label: { en: 'Type', zh: '类型' }, help: { en: 'VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), BOOLEAN, DATE, TIMESTAMP, TIMESTAMPTZ or JSON.', zh: 'VARCHAR、BIGINT、DOUBLE、DECIMAL(18,2)、BOOLEAN、DATE、TIMESTAMP、TIMESTAMPTZ 或 JSON。' }, widget: { kind: 'text', maxLength: 40 }, default: 'VARCHAR' },
    ] }, default: [], ...when('format', 'json'),
  },
  { name: 'details', label: { en: 'Status and headers', zh: '状态与响应头' }, help: { en: 'Also the columns …_status, …_headers (JSON) and …_ms (how long it took).', zh: '另加 …_status、…_headers（JSON）与 …_ms（耗时）列。' }, widget: { kind: 'boolean' }, default: false },
  { name: 'onStatus', label: { en: 'When a request fails', zh: '请求失败时' }, help: { en: 'Fail, or keep the row with what went wrong in the column …_error (and its status in …_status).', zh: '失败，或保留该行并在 …_error 列记录原因（状态在 …_status 列）。' }, widget: { kind: 'select', options: [option('fail', 'Fail', '失败'), option('keep', 'Keep the row', '保留该行')] }, default: 'fail' },
  { name: 'concurrency', label: { en: 'At once', zh: '并发数' }, help: { en: 'How many requests run at the same time. The rows stay in their order.', zh: '同时进行的请求数；行的顺序不变。' }, widget: { kind: 'number', integer: true, min: 1, max: 256 }, default: 8 },
  { name: 'charset', label: { en: 'Encoding', zh: '编码' }, help: { en: 'Empty goes by the answer’s own header, and is UTF-8 without one.', zh: '留空按响应头判断，没有时为 UTF-8。' }, widget: { kind: 'text', placeholder: 'gb18030', maxLength: 40 }, default: '', advanced: true },
];

/** One request a row; the answer becomes columns of the row. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'http.request',
  label: { en: 'Web request per row', zh: '逐行 Web 请求' },
  summary: { en: 'Asks a web service once for each row and adds the answer to it; several at once, at the service’s pace.', zh: '为每一行请求一次 Web 服务并附上响应；可并发并限速。' },
  icon: 'globe',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [...request, ...answer, ...limits],
  keywords: ['http', 'api', 'rest', 'enrich', 'lookup', 'webhook', '接口', '网络', '查询'],
  repeatable: false,
};
