import type { SecretField } from '#shared/connections/connection';
import type { Param } from '#shared/node-spec';

/** The computer a server runs on. */
export const host: Param = {
  name: 'host', label: { en: 'Host', zh: '主机' }, help: { en: 'The name or address of the server.', zh: '服务器的名称或地址。' }, widget: { kind: 'text', placeholder: 'localhost', maxLength: 255 }, default: 'localhost',
};

/** Where it listens there. */
export const port = (standard: number): Param => ({
  name: 'port', label: { en: 'Port', zh: '端口' }, help: { en: `The port the server listens on; usually ${standard}.`, zh: `服务器监听的端口，通常为 ${standard}。` }, widget: { kind: 'number', integer: true, min: 1, max: 65_535 }, default: standard,
});

export const user: Param = {
  name: 'user', label: { en: 'User', zh: '用户' }, help: { en: 'The name to log in with.', zh: '登录用的用户名。' }, widget: { kind: 'text', maxLength: 255 },
};

export const password: SecretField = {
  name: 'password', label: { en: 'Password', zh: '密码' }, help: { en: 'The user’s password. It is sealed and never shown again.', zh: '该用户的密码。保存后会加密，不再显示。' }, after: 'user',
};

/** Whether the way to the server is encrypted, and what proves who it is. `off` by default only where a server on this computer is usual. */
export const tls: readonly Param[] = [
  {
    name: 'tls', label: { en: 'Encryption (TLS)', zh: '加密（TLS）' }, help: { en: '“Verified” also checks that the server is who it says it is; use it for every server that is not on this computer.', zh: '“验证”还会检查服务器身份；不在本机上的服务器都应使用它。' },
    widget: { kind: 'select', options: [{ value: 'off', label: { en: 'Off', zh: '关闭' } }, { value: 'on', label: { en: 'On, not verified', zh: '开启，不验证' } }, { value: 'verify', label: { en: 'Verified', zh: '验证' } }] },
    default: 'off',
  },
  {
    name: 'ca', label: { en: 'CA certificate', zh: 'CA 证书' }, help: { en: 'The certificate (PEM) of the authority that vouches for the server, where the system doesn’t know it.', zh: '为服务器担保的机构的证书（PEM），仅在系统不认识该机构时需要。' },
    widget: { kind: 'multiline', placeholder: '-----BEGIN CERTIFICATE-----' }, advanced: true, visibleWhen: { param: 'tls', equals: ['verify'] },
  },
  {
    name: 'clientCertificate', label: { en: 'Client certificate', zh: '客户端证书' }, help: { en: 'A certificate (PEM) that says who you are, where the server asks for one.', zh: '证明您身份的证书（PEM），仅在服务器要求时需要。' },
    widget: { kind: 'multiline', placeholder: '-----BEGIN CERTIFICATE-----' }, advanced: true, visibleWhen: { param: 'tls', equals: ['on', 'verify'] },
  },
];

export const clientKey: SecretField = {
  name: 'clientKey', label: { en: 'Client key', zh: '客户端私钥' }, help: { en: 'The private key (PEM) of the client certificate.', zh: '客户端证书的私钥（PEM）。' }, multiline: true, visibleWhen: { param: 'tls', equals: ['on', 'verify'] }, after: 'clientCertificate',
};

/** How long reaching the server may take. */
export const connectTimeout: Param = {
  name: 'connectTimeoutMs', label: { en: 'Connect within', zh: '连接时限' }, help: { en: 'How long reaching the server may take, in milliseconds.', zh: '连接服务器的最长时间（毫秒）。' }, widget: { kind: 'number', integer: true, min: 100, max: 300_000 }, default: 10_000, advanced: true,
};
