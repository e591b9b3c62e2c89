import { mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

function claim(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** One instance a folder: the first holds a file with its process id, a second one leaves its arguments for the first and is refused. */
export function takeLock(folder: string, onSecond: (argv: readonly string[], workingFolder: string) => void): boolean {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'instance.lock');
  const letters = join(folder, 'second-instances');
  mkdirSync(letters, { recursive: true });
  if (!claim(lock)) {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) {
      // Written elsewhere first: the first instance never sees half a letter.
      const draft = join(folder, `letter-${process.pid}.json`);
      writeFileSync(draft, JSON.stringify({ argv: process.argv, folder: process.cwd() }));
      renameSync(draft, join(letters, `${process.pid}.json`));
      return false;
    }
    rmSync(lock);
    if (!claim(lock)) return false;
  }
  const seen = new Set<string>();
  const watcher = watch(letters, (_event, name) => {
    if (name === null || seen.has(name)) return;
    seen.add(name);
    const letter = JSON.parse(readFileSync(join(letters, name), 'utf8')) as { readonly argv: readonly string[]; readonly folder: string };
    rmSync(join(letters, name));
    onSecond(letter.argv, letter.folder);
  });
  watcher.unref();
  process.on('exit', () => rmSync(lock, { force: true }));
  return true;
}
