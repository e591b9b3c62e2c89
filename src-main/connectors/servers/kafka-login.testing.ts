import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may come in, and by which mechanism. */
export interface Login {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly user: string;
  readonly password: string;
}

/** The server's side of a login by SASL as Kafka frames it: answers are the bodies of its two calls. */
interface Talk {
  readonly handshake: (body: Buffer) => Buffer;
  readonly authenticate: (body: Buffer) => Buffer;
  readonly isIn: () => boolean;
}

const [FAILED, UNSUPPORTED] = [58, 33];
const ROUNDS = 4096;

const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([short(Buffer.byteLength(value)), Buffer.from(value)]);
const answer = (bytes: string): Buffer => Buffer.concat([short(0), short(-1), int(Buffer.byteLength(bytes)), Buffer.from(bytes)]);
const refusal = Buffer.concat([short(FAILED), text('Authentication failed: wrong user or password.'), int(0)]);

/** SCRAM's second step: the proof is right where it could only be made from the password (RFC 5802). */
function proves({ mechanism, password }: Login, salt: Buffer, spoken: string, proof: Buffer): string | null {
  const hash = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
  const hmac = (key: Buffer, message: string): Buffer => createHmac(hash, key).update(message).digest();
  const salted = pbkdf2Sync(password, salt, ROUNDS, hash === 'sha512' ? 64 : 32, hash);
  const client = hmac(salted, 'Client Key');
  const signature = hmac(createHash(hash).update(client).digest(), spoken);
  const expected = Buffer.from(client.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return proof.length === expected.length && timingSafeEqual(proof, expected) ? hmac(hmac(salted, 'Server Key'), spoken).toString('base64') : null;
}

export function createLogin(login: Login): Talk {
  let isIn = false;
  let first: { readonly bare: string; readonly server: string; readonly salt: Buffer } | null = null;
  const letIn = (bytes: string): Buffer => {
    isIn = true;
    return answer(bytes);
  };
  const plain = (said: string): Buffer => (said === `\0${login.user}\0${login.password}` ? letIn('') : refusal);
  const scram = (said: string): Buffer => {
    if (first === null) {
      const bare = said.replace(/^n,[^,]*,/, '');
      const [, user, nonce] = /^n=([^,]*),r=(.*)$/.exec(bare) ?? [];
      const salt = randomBytes(16);
      first = { bare, salt, server: `r=${nonce ?? ''}${randomBytes(9).toString('base64')},s=${salt.toString('base64')},i=${ROUNDS}` };
      return user === login.user ? answer(first.server) : refusal;
    }
    const [, without = '', proof = ''] = /^(.*),p=(.*)$/.exec(said) ?? [];
    const signature = proves(login, first.salt, `${first.bare},${first.server},${without}`, Buffer.from(proof, 'base64'));
    return signature === null ? refusal : letIn(`v=${signature}`);
  };
  return {
    isIn: () => isIn,
    handshake(body) {
      const isSame = body.subarray(2, 2 + body.readInt16BE(0)).toString() === login.mechanism;
      return Buffer.concat([short(isSame ? 0 : UNSUPPORTED), int(1), text(login.mechanism)]);
    },
    authenticate(body) {
      const said = body.subarray(4, 4 + body.readInt32BE(0)).toString();
      return login.mechanism === 'PLAIN' ? plain(said) : scram(said);
    },
  };
}
