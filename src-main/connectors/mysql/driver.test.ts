import { test } from 'vitest';
import { sqlDriverFeatures } from '../sql/driver.features.ts';
import { mariadbMissing, startMariadb } from '../servers/mariadb.testing.ts';
import driver from './driver.ts';

const missing = mariadbMissing();
if (missing !== null) test.skip(`MariaDB: ${missing}`, () => undefined);
else {
  sqlDriverFeatures('MariaDB', driver, 'SELECT SLEEP(60)', async () => {
    const server = await startMariadb();
    return {
      connection: server.connection(),
      run: (sql) => server.run(sql),
      quote: (name) => `\`${name.replaceAll('`', '``')}\``,
      series: (count) => `SELECT seq AS n FROM seq_1_to_${count}`,
      differs: {
        nan: { refused: /number/ },
        infinite: { refused: /number/ },
        list: '[1,null,-9223372036854775808]',
        texts: String.raw`["a,b","c\"d",null,"","NULL","{e}","\\"]`,
      },
      misfits: [
        { type: 'INTEGER', good: "'12'", bad: "'twelve'", why: /twelve/ },
        { type: 'INTEGER', good: '1.0', bad: '1.5', why: /1\.5/ },
        { type: 'DECIMAL(6,2)', good: '1.5', bad: '12345.5', why: /range/ },
        { type: 'DECIMAL(6,2)', good: '1.5', bad: '1.555', why: /truncated/ },
        { type: 'VARCHAR(3)', good: "'abc'", bad: "'abcd'", why: /long/ },
        { type: 'DATE', good: "'2026-01-01'", bad: "'2026-02-30'", why: /2026-02-30/ },
        { type: 'DATETIME(3)', good: "TIMESTAMP '2026-01-01 00:00:00.123'", bad: "TIMESTAMP '2026-01-01 00:00:00.1234'", why: /digits/ },
        { type: 'TIMESTAMP NULL', good: "TIMESTAMP '2026-01-01 00:00:00'", bad: "TIMESTAMP '2126-01-01 00:00:00'", why: /2126/ },
        { type: 'INT UNSIGNED', good: '1', bad: '-1', why: /range/ },
      ],
      changing: 'DELETE FROM victim RETURNING id',
      close: () => server.stop(),
    };
  });
}
