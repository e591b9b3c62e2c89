import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './server.testing.ts';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of a test's own. */
export interface Authority extends Certificate {
  /** Signs one for these names (`DNS:localhost`, `IP:127.0.0.1`). `days` below zero: it has expired. */
  sign(subject: string, names: readonly string[], days?: number): Certificate;
}

/** Why no certificates can be made here, or null. */
export const opensslMissing = (): string | null => (findProgram('openssl') === null ? 'openssl is not installed' : null);

function within<T>(work: (path: (name: string) => string, run: (...args: readonly string[]) => void) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-certificates-'));
  try {
    return work(
      (name) => join(folder, name),
      (...args) => {
        const { status, stderr } = spawnSync(findProgram('openssl') ?? '', args, { encoding: 'utf8', cwd: folder });
        if (status !== 0) throw new Error(`openssl ${args[0] ?? ''}: ${stderr}`);
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const day = (fromNow: number): string => `${new Date(Date.now() + fromNow * 86_400_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

/** Makes an authority with openssl. */
export function createAuthority(name = 'Millrace test authority'): Authority {
  const own = within((path, run) => {
    run('req', '-x509', ...NEW_KEY, '-keyout', path('key'), '-out', path('crt'), '-subj', `/CN=${name}`, '-days', '30');
    return { certificate: readFileSync(path('crt'), 'utf8'), key: readFileSync(path('key'), 'utf8') };
  });
  return {
    ...own,
    sign: (subject, names, days = 30) =>
      within((path, run) => {
        writeFileSync(path('ca.crt'), own.certificate);
        writeFileSync(path('ca.key'), own.key);
        writeFileSync(path('ext'), names.length === 0 ? 'basicConstraints=CA:FALSE\n' : `basicConstraints=CA:FALSE\nsubjectAltName=${names.join(',')}\n`);
        run('req', '-new', ...NEW_KEY, '-keyout', path('key'), '-out', path('csr'), '-subj', `/CN=${subject}`);
        if (days >= 0) run('x509', '-req', '-in', path('csr'), '-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-CAcreateserial', '-out', path('crt'), '-days', String(days), '-extfile', path('ext'));
        else {
          writeFileSync(path('index'), '');
          writeFileSync(path('serial'), '01\n');
          writeFileSync(path('conf'), `[ca]\ndefault_ca=own\n[own]\ndatabase=${path('index')}\nserial=${path('serial')}\nnew_certs_dir=${path('.')}\ndefault_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n`);
          run('ca', '-batch', '-config', path('conf'), '-in', path('csr'), '-cert', path('ca.crt'), '-keyfile', path('ca.key'), '-out', path('crt'), '-startdate', day(days - 1), '-enddate', day(days), '-extfile', path('ext'), '-notext');
        }
        return { certificate: readFileSync(path('crt'), 'utf8'), key: readFileSync(path('key'), 'utf8') };
      }),
  };
}
