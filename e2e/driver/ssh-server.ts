import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { Attributes, Connection } from 'ssh2';

/** An SSH server of a test's own, whose one folder can be looked at. */
export interface SshServer {
  readonly port: number;
  /** Of its key, as OpenSSH writes it. */
  readonly fingerprint: string;
  /** How often somebody has tried to log in. */
  readonly logins: () => number;
  stop(): Promise<void>;
}

const FOLDER: Attributes = { mode: 0o040_755, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

/** Starts one that lets in whoever has the password; with a new key each time, on a port of the system's choice unless one is given. */
export async function startSsh(password: string, port = 0): Promise<SshServer> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  const open = new Set<Connection>();
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    open.add(client);
    client.on('error', () => undefined);
    client.on('close', () => open.delete(client));
    client.on('authentication', (asked) => {
      if (asked.method === 'none') return asked.reject(['password']);
      logins += 1;
      return asked.method === 'password' && asked.password === password ? asked.accept() : asked.reject(['password']);
    });
    client.on('session', (acceptSession) => {
      acceptSession().on('sftp', (acceptSftp) => {
        const sftp = acceptSftp();
        sftp.on('STAT', (id) => sftp.attrs(id, FOLDER));
        sftp.on('LSTAT', (id) => sftp.attrs(id, FOLDER));
        sftp.on('REALPATH', (id) => sftp.name(id, [{ filename: '/', longname: '/', attrs: FOLDER }]));
      });
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`,
    logins: () => logins,
    stop: async () => {
      for (const client of open) client.end();
      server.close();
      await once(server, 'close');
    },
  };
}
