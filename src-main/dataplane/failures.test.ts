import { StudioError } from '#shared/errors';
import { expect, test } from 'vitest';
import { atField, explainFailure } from './failures.ts';

test.each([
  ['INTERRUPT Error: Interrupted!', 'cancelled', /cancelled/],
  ['IO Error: Could not write all bytes to file "/data/.x.csv.part": wanted=10 wrote=2: No space left on device', 'io', /disk is full/],
  ['Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB used).\nThis limit was set by the \'max_temp_directory_size\' setting.', 'io', /disk is full/],
  ['Out of Memory Error: could not allocate block of size 30.5 MiB (177.9 MiB/200.0 MiB used)', 'node_failed', /more memory/],
  ['IO Error: Cannot open file "/x/y.csv": No such file or directory', 'io', /doesn't exist/],
  ['IO Error: Cannot open file "/x/y.csv": Permission denied', 'permission', /refuses/],
  ['IO Error: Could not read from file "/x": Is a directory', 'io', /folder stands/],
  ['Permission Error: Cannot access file "/etc/passwd" - file system operations are disabled by configuration', 'permission', /does not name/],
  ["Conversion Error: Could not convert string 'abc' to INT32\n\nLINE 1: SELECT 'abc'::INT\n", 'node_failed', /“abc” can't be turned into INT32/],
  ['Out of Range Error: Overflow in multiplication of INT64 (9 * 9)!', 'node_failed', /Overflow in multiplication/],
  ['Catalog Error: Scalar Function with name uper does not exist!\nDid you mean "upper"?\n\nLINE 1: SELECT uper(x)', 'node_failed', /no function uper/],
])('%s', (message, code, told) => {
  const found = explainFailure(new Error(message));
  expect(found).toMatchObject({ code, message: expect.stringMatching(told), detail: message });
});

test('what is quoted of the statement does not mislead', () => {
  expect(explainFailure(new Error("Binder Error: No such thing\n\nLINE 1: FROM read_csv('CSV Error')"))).toMatchObject({ message: 'No such thing.' });
});

test('what is ours stays; a field is added where none was named', () => {
  const own = new StudioError('io', 'Gone.');
  expect(explainFailure(own)).toBe(own);
  expect(atField(new Error('Binder Error: bad'), 'condition')).toMatchObject({ place: 'condition', message: 'bad.' });
});
