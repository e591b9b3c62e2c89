import type { Connection, ConnectionKind } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import { withDefaults } from '#shared/workflow/defaults';
import { textOf } from '../widgets/widget.ts';

type Text = (name: string) => string;

/** A server, as one writes it where the usual need not be said. `standard`: is the setting what it is by default? */
function server(text: Text, standard: (name: string) => boolean, inside: string): string {
  const host = `${text('host')}${standard('port') ? '' : `:${text('port')}`}`;
  return text(inside) === '' || standard(inside) ? host : `${host}/${text(inside).replace(/^\//, '')}`;
}

/** One entry a kind: a kind without one does not compile. */
const places: { readonly [K in ConnectionKind]: (text: Text, standard: (name: string) => boolean) => string } = {
  postgresql: (text, standard) => server(text, standard, 'database'),
  mysql: (text, standard) => server(text, standard, 'database'),
  redis: (text, standard) => server(text, standard, 'database'),
  sftp: (text, standard) => `${text('user') === '' ? '' : `${text('user')}@`}${server(text, standard, 'folder')}`,
  sqlite: (text) => text('path'),
  duckdb: (text) => text('path'),
  http: (text) => text('baseUrl').replace(/^https?:\/\//, '').replace(/\/$/, ''),
  kafka: (text) =>
    text('bootstrap')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .join(', '),
};

/** Where a connection leads, in a few words: `db.example.com/shop`, `api.example.com/v1`, `orders.db`. */
export function whereTo({ kind, settings }: Pick<Connection, 'kind' | 'settings'>): string {
  const { params } = connectionSpecs[kind];
  const full = withDefaults({ params }, settings);
  return places[kind](
    (name) => textOf(full[name]),
    (name) => full[name] === params.find((param) => param.name === name)?.default,
  );
}
