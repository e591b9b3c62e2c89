import type { ConnectionSpec } from '#shared/connections/connection';
import { clientKey, connectTimeout, host, password, port, tls, user } from '#shared/connections/kinds/common';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

export const redis: ConnectionSpec = {
  kind: 'redis', label: { en: 'Redis', zh: 'Redis' }, icon: 'layers',
  summary: { en: 'A Redis server, or one that speaks its protocol.', zh: 'Redis 服务器，或使用相同协议的服务器。' },
  params: [
    host, port(6379), user,
    { name: 'database', label: { en: 'Database', zh: '数据库' }, help: { en: 'The number of the database on the server.', zh: '服务器上的数据库编号。' }, widget: { kind: 'number', integer: true, min: 0, max: 1_000_000 }, default: 0 },
    ...tls, connectTimeout,
  ],
  secrets: [password, clientKey],
};

export const kafka: ConnectionSpec = {
  kind: 'kafka', label: { en: 'Kafka', zh: 'Kafka' }, icon: 'radio-tower',
  summary: { en: 'A Kafka cluster, or one that speaks its protocol.', zh: 'Kafka 集群，或使用相同协议的集群。' },
  params: [
    { name: 'bootstrap', label: { en: 'Brokers', zh: '服务器' }, help: { en: 'One or more brokers as host:port, with commas between them; the others are found from there.', zh: '一个或多个 host:port，以逗号分隔；其余服务器会自动发现。' }, widget: { kind: 'text', placeholder: 'localhost:9092', maxLength: 2000 }, required: true },
    { name: 'sasl', label: { en: 'Login (SASL)', zh: '登录（SASL）' }, help: { en: 'How the cluster asks for a login.', zh: '集群要求的登录方式。' }, widget: { kind: 'select', options: [option('none', 'None', '无'), option('plain', 'PLAIN', 'PLAIN'), option('scram-sha-256', 'SCRAM-SHA-256', 'SCRAM-SHA-256'), option('scram-sha-512', 'SCRAM-SHA-512', 'SCRAM-SHA-512')] }, default: 'none' },
    { ...user, visibleWhen: { param: 'sasl', equals: ['plain', 'scram-sha-256', 'scram-sha-512'] } },
    ...tls, connectTimeout,
  ],
  secrets: [{ ...password, visibleWhen: { param: 'sasl', equals: ['plain', 'scram-sha-256', 'scram-sha-512'] } }, clientKey],
};

export const http: ConnectionSpec = {
  kind: 'http', label: { en: 'Web service (HTTP)', zh: 'Web 服务（HTTP）' }, icon: 'globe',
  summary: { en: 'A web service: where it is and how it knows you.', zh: 'Web 服务：地址与身份验证方式。' },
  params: [
    { name: 'baseUrl', label: { en: 'Base address', zh: '基础地址' }, help: { en: 'Where the service is: https://api.example.com/v1. The login is sent to this address and no other.', zh: '服务所在地址：https://api.example.com/v1。登录信息只会发送到此地址。' }, widget: { kind: 'text', placeholder: 'https://api.example.com', maxLength: 2000 }, required: true },
    { name: 'auth', label: { en: 'Login', zh: '登录方式' }, help: { en: 'How the service knows you.', zh: '服务识别您身份的方式。' }, widget: { kind: 'select', options: [option('none', 'None', '无'), option('basic', 'User and password', '用户名与密码'), option('bearer', 'Bearer token', 'Bearer 令牌'), option('apiKey', 'API key', 'API 密钥'), option('oauth2', 'OAuth 2 client credentials', 'OAuth 2 客户端凭据')] }, default: 'none' },
    { ...user, visibleWhen: { param: 'auth', equals: ['basic'] } },
    { name: 'keyIn', label: { en: 'Key goes in', zh: '密钥位置' }, help: { en: 'Where the service looks for the key.', zh: '服务从何处读取密钥。' }, widget: { kind: 'select', options: [option('header', 'A header', '请求头'), option('query', 'The address', '查询参数')] }, default: 'header', visibleWhen: { param: 'auth', equals: ['apiKey'] } },
    { name: 'keyName', label: { en: 'Name of the key', zh: '密钥名称' }, help: { en: 'The name of the header or of the query parameter.', zh: '请求头或查询参数的名称。' }, widget: { kind: 'text', maxLength: 200 }, default: 'X-API-Key', visibleWhen: { param: 'auth', equals: ['apiKey'] } },
    { name: 'tokenUrl', label: { en: 'Token address', zh: '令牌地址' }, help: { en: 'Where a token is asked for.', zh: '获取令牌的地址。' }, widget: { kind: 'text', maxLength: 2000 }, required: true, visibleWhen: { param: 'auth', equals: ['oauth2'] } },
    { name: 'clientId', label: { en: 'Client id', zh: '客户端 ID' }, help: { en: 'The id the service has given you.', zh: '服务分配给您的 ID。' }, widget: { kind: 'text', maxLength: 500 }, required: true, visibleWhen: { param: 'auth', equals: ['oauth2'] } },
    { name: 'scope', label: { en: 'Scope', zh: '权限范围' }, help: { en: 'What the token may do, with spaces between; empty is the service’s own choice.', zh: '令牌的权限，以空格分隔；留空由服务决定。' }, widget: { kind: 'text', maxLength: 1000 }, advanced: true, visibleWhen: { param: 'auth', equals: ['oauth2'] } },
    { name: 'allowPrivate', label: { en: 'Allow private addresses', zh: '允许私有地址' }, help: { en: 'Let requests reach this computer and the private network. Off, so that a web page can’t lead a workflow there.', zh: '允许访问本机与内网。默认关闭，以防工作流被引导到这些地址。' }, widget: { kind: 'boolean' }, default: false },
    { name: 'ca', label: { en: 'CA certificate', zh: 'CA 证书' }, help: { en: 'The certificate (PEM) of the authority that vouches for the service, where the system doesn’t know it.', zh: '为服务担保的机构的证书（PEM），仅在系统不认识该机构时需要。' }, widget: { kind: 'multiline', placeholder: '-----BEGIN CERTIFICATE-----' }, advanced: true },
    connectTimeout,
  ],
  secrets: [
    { ...password, visibleWhen: { param: 'auth', equals: ['basic'] } },
    { name: 'token', label: { en: 'Token', zh: '令牌' }, help: { en: 'The bearer token. It is sealed and never shown again.', zh: 'Bearer 令牌。保存后会加密，不再显示。' }, visibleWhen: { param: 'auth', equals: ['bearer'] }, after: 'auth' },
    { name: 'apiKey', label: { en: 'Key', zh: '密钥' }, help: { en: 'The API key. It is sealed and never shown again.', zh: 'API 密钥。保存后会加密，不再显示。' }, visibleWhen: { param: 'auth', equals: ['apiKey'] }, after: 'keyName' },
    { name: 'clientSecret', label: { en: 'Client secret', zh: '客户端密钥' }, help: { en: 'The secret that belongs to the client id.', zh: '与客户端 ID 对应的密钥。' }, visibleWhen: { param: 'auth', equals: ['oauth2'] }, after: 'clientId' },
  ],
};

export const sftp: ConnectionSpec = {
  kind: 'sftp', label: { en: 'SFTP', zh: 'SFTP' }, icon: 'server',
  summary: { en: 'A folder on another computer, reached by SSH.', zh: '通过 SSH 访问另一台计算机上的文件夹。' },
  params: [
    host, port(22), { ...user, required: true },
    { name: 'login', label: { en: 'Login', zh: '登录方式' }, help: { en: 'What you prove yourself with.', zh: '证明身份的方式。' }, widget: { kind: 'select', options: [option('password', 'Password', '密码'), option('key', 'Private key', '私钥')] }, default: 'password' },
    { name: 'hostKey', label: { en: 'Host key', zh: '主机密钥' }, help: { en: 'The server’s fingerprint (SHA256:…). A test shows it; without it nothing is sent.', zh: '服务器指纹（SHA256:…）。测试会显示；未填写时不会发送任何内容。' }, widget: { kind: 'text', placeholder: 'SHA256:…', maxLength: 200 } },
    { name: 'folder', label: { en: 'Folder', zh: '文件夹' }, help: { en: 'Where relative paths start; empty is the user’s own folder.', zh: '相对路径的起点；留空为用户主目录。' }, widget: { kind: 'text', maxLength: 4000 } },
    connectTimeout,
  ],
  secrets: [
    { ...password, visibleWhen: { param: 'login', equals: ['password'] }, after: 'login' },
    { name: 'privateKey', label: { en: 'Private key', zh: '私钥' }, help: { en: 'The key’s text (OpenSSH or PEM).', zh: '私钥内容（OpenSSH 或 PEM）。' }, multiline: true, visibleWhen: { param: 'login', equals: ['key'] }, after: 'login' },
    { name: 'passphrase', label: { en: 'Passphrase', zh: '私钥口令' }, help: { en: 'What the private key is locked with, where it is.', zh: '私钥的口令（如有）。' }, visibleWhen: { param: 'login', equals: ['key'] }, after: 'login' },
  ],
};
