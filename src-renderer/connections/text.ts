import type { TestStep } from '#shared/connections/connection';
import type { SecretStore } from '#shared/contract/connections';
import type { Text } from '#shared/node-spec';
import { phrase, say } from '../i18n/text.ts';
import type { NameProblem } from './form.ts';

/** What is said about connections. */
export const connectionText = {
  title: say('Connections', '连接'),
  intro: say('Databases, services and servers that workflows use. A workflow’s file holds only the name, so a file you hand on has no login in it.', '工作流使用的数据库、服务和服务器。工作流文件只保存连接名称，分享文件不会带出登录信息。'),
  count: phrase<[connections: number]>(
    (f, connections) => `${f.number(connections)} ${f.plural(connections, { one: 'connection', other: 'connections' })}`,
    (f, connections) => `${f.number(connections)} 个连接`,
  ),
  new: say('New connection', '新建连接'),
  newMore: say('New connection…', '新建连接…'),
  failed: say('The connections could not be read', '无法读取连接'),
  emptyTitle: say('No connections yet', '还没有连接'),
  emptyText: say('Set up a database, a web service, Kafka, Redis or a file server once; then choose it by name in any node.', '设置一次数据库、Web 服务、Kafka、Redis 或文件服务器，即可在任意节点中按名称选用。'),
  unused: say('Not used', '未被使用'),
  usedBy: phrase<[workflows: number]>(
    (f, workflows) => `Used by ${f.number(workflows)} ${f.plural(workflows, { one: 'workflow', other: 'workflows' })}`,
    (f, workflows) => `被 ${f.number(workflows)} 个工作流使用`,
  ),
  edit: say('Edit', '编辑'),
  editOf: phrase<[name: string]>((_f, name) => `Edit “${name}”`, (_f, name) => `编辑“${name}”`),
  duplicate: say('Duplicate', '复制一份'),
  delete: say('Delete…', '删除…'),
  deleteTitle: phrase<[name: string]>((_f, name) => `Delete “${name}”?`, (_f, name) => `删除“${name}”？`),
  deleteHelp: say('Its settings and its sealed secrets are removed for good.', '其设置与加密保存的机密信息将被永久删除。'),
  deleteUsed: phrase<[workflows: number]>(
    (f, workflows) => `${f.number(workflows)} ${f.plural(workflows, { one: 'workflow refers to it and will not run', other: 'workflows refer to it and will not run' })} until there is a connection of that name again:`,
    (f, workflows) => `有 ${f.number(workflows)} 个工作流引用了它，在重新建立同名连接之前将无法运行：`,
  ),
  deleted: phrase<[name: string]>((_f, name) => `Deleted “${name}”`, (_f, name) => `已删除“${name}”`),
  andMore: phrase<[more: number]>((f, more) => `and ${f.number(more)} more`, (f, more) => `另有 ${f.number(more)} 个`),

  choose: say('What does it lead to?', '要连接到哪里？'),
  editTitle: phrase<[name: string]>((_f, name) => `Connection “${name}”`, (_f, name) => `连接“${name}”`),
  newTitle: phrase<[kind: string]>((_f, kind) => `New ${kind} connection`, (_f, kind) => `新建 ${kind} 连接`),
  otherKind: say('Another kind', '其他类型'),
  name: say('Name', '名称'),
  nameHelp: say('Workflows refer to it by this name.', '工作流通过此名称引用它。'),
  nameGiven: say('The workflow refers to it by this name.', '工作流以此名称引用它。'),
  renamed: phrase<[workflows: string]>(
    (_f, workflows) => `Workflows that use the old name will miss it: ${workflows}.`,
    (_f, workflows) => `仍使用旧名称的工作流将找不到它：${workflows}。`,
  ),
  saved: phrase<[name: string]>((_f, name) => `Saved “${name}”`, (_f, name) => `已保存“${name}”`),
  discardTitle: say('Discard what you have typed?', '放弃已输入的内容？'),
  discardText: say('The connection stays as it was before.', '连接将保持原样。'),
  discardNew: say('The connection has not been saved.', '该连接尚未保存。'),
  discard: say('Discard', '放弃'),
  required: say('Fill in what is marked before it can be saved.', '请先填写标出的内容。'),

  secretSaved: say('Saved', '已保存'),
  secretSavedHelp: say('Sealed. It can be replaced, not read.', '已加密保存，可以替换，无法查看。'),
  secretPlainHelp: say('Kept as plain text, as agreed. It is not shown again.', '按您的选择以明文保存，不再显示。'),
  secretGoes: say('Removed when you save', '保存后移除'),
  replace: say('Replace', '替换'),
  remove: say('Remove', '移除'),
  replaceOf: phrase<[secret: string]>((_f, secret) => `Replace: ${secret}`, (_f, secret) => `替换：${secret}`),
  removeOf: phrase<[secret: string]>((_f, secret) => `Remove: ${secret}`, (_f, secret) => `移除：${secret}`),
  keepSaved: say('Keep the saved one', '保留已保存的'),
  show: say('Show what is typed', '显示输入内容'),
  hide: say('Hide what is typed', '隐藏输入内容'),
  pasteKey: say('Paste the key’s text', '粘贴私钥内容'),

  test: say('Test', '测试'),
  testOf: phrase<[name: string]>((_f, name) => `Test “${name}”`, (_f, name) => `测试“${name}”`),
  testConnection: say('Test connection', '测试连接'),
  testAgain: say('Test again', '再次测试'),
  testHelp: say('Tries it as it stands here, before anything is saved.', '按当前填写的内容测试，无需先保存。'),
  trying: say('Trying…', '正在尝试…'),
  tryingFor: phrase<[seconds: number]>((f, seconds) => `Trying for ${f.number(seconds)} s`, (f, seconds) => `已尝试 ${f.number(seconds)} 秒`),
  good: say('It works', '连接正常'),
  bad: say('It does not work', '连接失败'),
  answeredIn: phrase<[time: string]>((_f, time) => `Answered in ${time}`, (_f, time) => `响应时间 ${time}`),
  changedSince: say('Changed since this test', '测试后内容已更改'),
  untested: say('Not tested', '未测试'),

  keyShown: say('The server showed this key:', '服务器出示的密钥：'),
  keyHelp: say('Compare it with what the server’s owner tells you, then trust it.', '请与服务器管理员提供的指纹核对后再信任。'),
  trust: say('Trust this key', '信任此密钥'),
  keyChanged: say('It is not the key you trust. The server was set up anew, or somebody stands in between.', '与已信任的密钥不符：服务器可能重新安装过，也可能有人在中间拦截。'),
  trustNew: say('Trust the new key', '信任新密钥'),

  secretsRest: say('Where secrets rest', '机密信息的保存方式'),
  agree: say('Keep secrets as plain text…', '以明文保存机密信息…'),
  agreeTitle: say('Keep secrets as plain text?', '以明文保存机密信息？'),
  agreeText: say('Passwords, tokens and keys are then readable in the file secrets.json for every program that runs as you, and for whoever gets a copy or a backup of it.', '密码、令牌和密钥将以明文写入 secrets.json，任何以您的身份运行的程序，以及拿到该文件或其备份的人，都可以读取。'),
  agreeCheck: say('I understand that anyone who can read this file has my passwords.', '我明白：能读取该文件的人就能得到我的密码。'),
  agreeDo: say('Keep as plain text', '以明文保存'),
  withdraw: say('Stop keeping plain text…', '停止明文保存…'),
  withdrawTitle: say('Stop keeping secrets as plain text?', '停止以明文保存机密信息？'),
  withdrawText: say('Secrets that are kept as plain text are removed. The connections stay and have to be given their secrets again, where they can be sealed.', '以明文保存的机密信息将被删除。连接会保留，需要在可加密的环境中重新填写。'),
  withdrawDo: say('Remove them', '删除'),

  missing: say('missing', '缺失'),
  setUp: say('Set up…', '设置…'),
  setUpOf: phrase<[name: string]>((_f, name) => `Set up “${name}”`, (_f, name) => `设置“${name}”`),
  missingTitle: phrase<[connections: number]>(
    (f, connections) => (connections === 1 ? 'A connection is missing' : `${f.number(connections)} connections are missing`),
    (f, connections) => `缺少 ${f.number(connections)} 个连接`,
  ),
  missingText: phrase<[workflow: string]>(
    (_f, workflow) => `“${workflow}” names connections that are not set up here. Their logins do not travel with the file.`,
    (_f, workflow) => `“${workflow}”引用的连接尚未在此设置。登录信息不随文件传递。`,
  ),
  missingTexts: phrase<[workflows: number]>(
    (f, workflows) => `${f.number(workflows)} workflows name connections that are not set up here. Their logins do not travel with the files.`,
    (f, workflows) => `${f.number(workflows)} 个工作流引用的连接尚未在此设置。登录信息不随文件传递。`,
  ),
  allThere: say('All of them are set up now', '连接均已设置完成'),
  neededBy: phrase<[nodes: string]>((_f, nodes) => `Needed by ${nodes}`, (_f, nodes) => `用于：${nodes}`),
  ofOtherKind: phrase<[kind: string]>(
    (_f, kind) => `There is one of this name, but it is ${kind}. Choose another in the node.`,
    (_f, kind) => `已有同名连接，但类型为 ${kind}，请在节点中选择其他连接。`,
  ),
  ready: say('Set up', '已设置'),
  later: say('Later', '稍后'),
  done: say('Done', '完成'),
  notSet: say('Choose a connection', '选择连接'),
};

export const nameProblemText: Readonly<Record<NameProblem, Text>> = {
  missing: say('Give it a name', '请填写名称'),
  taken: say('Another connection has this name', '已有同名连接'),
  form: say('Letters, digits, spaces and - _ . ( ), beginning with a letter or a digit', '可用字母、数字、空格和 - _ . ( )，以字母或数字开头'),
};

export const stepText: Readonly<Record<TestStep, Text>> = {
  settings: say('Settings', '设置'),
  file: say('File', '文件'),
  host: say('Host', '主机'),
  port: say('Port', '端口'),
  tls: say('Encryption', '加密'),
  login: say('Login', '登录'),
  database: say('Database', '数据库'),
  ready: say('Ready', '就绪'),
};

interface StoreWords {
  readonly title: Text;
  readonly text: Text;
}

/** What it means for secrets to rest there. */
export const storeText: Readonly<Record<SecretStore['kind'], StoreWords>> = {
  system: { title: say('Sealed by the system', '由系统加密'), text: say('Passwords, tokens and keys are sealed with your computer’s keyring. They leave this computer only to log in.', '密码、令牌和密钥由系统密钥环加密，仅在登录时使用。') },
  keyFile: { title: say('Sealed with a key', '使用密钥加密'), text: say('Passwords, tokens and keys are sealed (AES-256-GCM). Keep the key apart from backups of the data folder: whoever has both can open them.', '密码、令牌和密钥已加密（AES-256-GCM）。请勿将密钥与数据目录一同备份：同时拥有两者即可解密。') },
  plain: { title: say('Secrets are kept as plain text', '机密信息以明文保存'), text: say('You have agreed to this. Whoever can read secrets.json has your passwords.', '您已同意此方式。能读取 secrets.json 的人就能得到您的密码。') },
  refused: { title: say('Secrets can’t be sealed here', '此处无法加密机密信息'), text: say('This computer has no keyring that is unlocked. Install GNOME Keyring or KWallet, or log in to it, and start Millrace again. Connections without a secret work all the same.', '此电脑没有已解锁的密钥环。请安装 GNOME Keyring 或 KWallet 并登录，然后重新启动 Millrace。不含机密信息的连接不受影响。') },
  broken: { title: say('The sealed secrets can’t be opened', '无法解密已保存的机密信息'), text: say('Put back the key they were sealed with, or enter the secrets again in each connection.', '请恢复加密时使用的密钥，或在各连接中重新填写。') },
};
