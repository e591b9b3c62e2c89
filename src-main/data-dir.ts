import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where a studio keeps its data when nobody says: MILLRACE_DATA_DIR, else the platform's place for a program's own data. Absolute. */
export function defaultDataDir(platform: string, env: Env, home: string): string {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const chosen = set('MILLRACE_DATA_DIR');
  if (chosen !== undefined) return resolve(chosen);
  if (platform === 'win32') return join(set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'Millrace');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Millrace');
  return join(set('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'millrace');
}
