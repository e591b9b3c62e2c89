import type { Connection, FieldDef, Submittable } from 'pg';

/** Has the server read a statement under the name `name`: answers its columns, or null where it gives no rows. Nothing is run. */
export function createPreparation(name: string, text: string): Submittable & { readonly fields: Promise<readonly FieldDef[] | null> } {
  const { promise, resolve, reject } = Promise.withResolvers<readonly FieldDef[] | null>();
  promise.catch(() => undefined);
  let found: readonly FieldDef[] | null = null;
  return Object.assign(
    {
      submit(connection: Connection): void {
        connection.parse({ name, text, types: [] }, true);
        connection.describe({ type: 'S', name }, true);
        connection.sync();
      },
      handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
        found = fields;
      },
      handleReadyForQuery: (): void => resolve(found),
      handleError: (error: Error): void => reject(error),
    },
    { fields: promise },
  );
}
