import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { autostartFolder, desktopEntry, keepAutostart } from './autostart.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-autostart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const execOf = (text: string): string => /^Exec=(.*)$/m.exec(text)?.[1] ?? '';

/** Reads an Exec line as the specification says: the string's escapes first, then the quotes. */
function argumentsOf(exec: string): string[] {
  const line = exec.replaceAll(/\\([\\ntrs])/gu, (_all, one: string) => ({ n: '\n', t: '\t', r: '\r', s: ' ' })[one] ?? '\\');
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/gu)].map(([, quoted, plain = '']) => (quoted === undefined ? plain : quoted.replaceAll(/\\(["`$\\])/gu, '$1')).replaceAll('%%', '%'));
}

describe('the file that starts the app at login', () => {
  it('is in the person’s configuration folder', () => {
    expect(autostartFolder({}, '/home/ada')).toBe('/home/ada/.config/autostart');
    expect(autostartFolder({ XDG_CONFIG_HOME: '/conf' }, '/home/ada')).toBe('/conf/autostart');
    expect(autostartFolder({ XDG_CONFIG_HOME: 'conf' }, '/home/ada')).toBe('/home/ada/.config/autostart');
  });

  it('names the program and its arguments', () => {
    const text = desktopEntry(['/opt/Millrace/millrace', '--hidden']);
    expect(text.split('\n')).toEqual(expect.arrayContaining(['[Desktop Entry]', 'Type=Application', 'Exec=/opt/Millrace/millrace --hidden', 'TryExec=/opt/Millrace/millrace']));
    expect(text.endsWith('\n')).toBe(true);
  });

  it('quotes as the specification’s own examples do', () => {
    expect(execOf(desktopEntry(['/opt/a b', '$x', '\\', '100%']))).toBe(String.raw`"/opt/a b" "\\$x" "\\\\" "100%%"`);
  });

  it.each(['/opt/a b/c', '/o"q', "/o'q", '/$HOME/`x`', String.raw`/back\slash\n`, '/50%f', '/a;b&c|d<e>f*g?h#i(j)k~l', '/中文 路径', '/tab\there', '/line\nbreak', ''])('%j comes back whole', (argument) => {
    expect(argumentsOf(execOf(desktopEntry(['/bin/x', argument])))).toEqual(['/bin/x', argument]);
  });
});

describe('keeping it', () => {
  const path = join(folder, 'deep', 'autostart', 'millrace.desktop');
  const text = desktopEntry(['/bin/millrace', '--hidden']);
  const now = (): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

  it('makes it with its folder, and leaves nothing beside it', async () => {
    await keepAutostart(path, text, true);
    expect(now()).toBe(text);
    expect(readdirSync(join(path, '..'))).toEqual(['millrace.desktop']);
  });

  it('follows the program when it has moved', async () => {
    await keepAutostart(path, desktopEntry(['/new/millrace']), false);
    expect(now()).toContain('Exec=/new/millrace\n');
  });

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])('leaves one that the desktop’s settings have switched off (%s), unless asked', async (line) => {
    writeFileSync(path, `[Desktop Entry]\n${line}\n`);
    await keepAutostart(path, text, false);
    expect(now()).toContain(line);
    await keepAutostart(path, text, true);
    expect(now()).toBe(text);
  });

  it('removes it, and minds no file that is not there', async () => {
    await keepAutostart(path, null, true);
    await keepAutostart(path, null, false);
    expect(now()).toBeNull();
  });

  it('says what is in the way', async () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    await expect(keepAutostart(join(blocked, 'autostart', 'm.desktop'), text, true)).rejects.toThrow(/^Starting at login could not be set: /);
    mkdirSync(join(folder, 'taken.desktop'));
    await expect(keepAutostart(join(folder, 'taken.desktop'), text, true)).rejects.toThrow(/folder, not a file/);
  });
});
