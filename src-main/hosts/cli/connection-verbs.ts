import { CONNECTION_KINDS } from '#shared/connections/connection';
import { dataDir, isJson, text, withData, withJson } from './options.ts';
import type { Flags, Verbs } from './options.ts';

/** An option that may be given again and again. */
const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
const listOf = (flags: Readonly<Record<string, unknown>>, name: string): readonly string[] => (flags[name] as readonly string[] | undefined) ?? [];

/** The verbs under `connections`. */
export function addConnectionVerbs({ verb, spawn, end }: Verbs): void {
  const connections = verb('connections', 'Look at connections, try, set up and remove them');
  const place = (flags: Flags) => ({ dataDir: dataDir(flags), json: isJson(flags), spawn });

  withJson(withData(verb('list', 'List the connections, without anything secret', connections))).action(async (flags: Flags) => end(await (await import('./connections.ts')).list(place(flags))));
  withJson(withData(verb('test', 'Try a connection, step by step; exit code 1 where it does not work', connections)))
    .argument('<name>')
    .action(async (name: string, flags: Flags) => end(await (await import('./connections.ts')).test(name, place(flags))));
  withJson(withData(verb('set', 'Make a connection, or change what is named of one', connections)))
    .argument('<name>')
    .option('--kind <kind>', `of a new one: ${CONNECTION_KINDS.join(', ')}`)
    .option('--setting <name=value>', 'a setting, as often as needed; an empty value is its default', several)
    .option('--secret <field>', 'a secret whose value is read from standard input, never from the arguments')
    .option('--secret-env <field=VARIABLE>', 'a secret whose value is in a variable of the environment, as often as needed', several)
    .option('--forget <field>', 'remove a secret, as often as needed', several)
    .action(async (name: string, flags: Flags) =>
      end(await (await import('./connections.ts')).set(name, { ...place(flags), kind: text(flags, 'kind'), settings: listOf(flags, 'setting'), secret: text(flags, 'secret'), fromEnv: listOf(flags, 'secretEnv'), forget: listOf(flags, 'forget') })),
    );
  withJson(withData(verb('remove', 'Remove a connection with its secrets', connections)))
    .argument('<name>')
    .action(async (name: string, flags: Flags) => end(await (await import('./connections.ts')).remove(name, place(flags))));
}
