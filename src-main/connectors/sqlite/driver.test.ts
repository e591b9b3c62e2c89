import { sqlDriverFeatures } from '../sql/driver.features.ts';
import driver from './driver.ts';
import { testFile } from './sqlite.testing.ts';

sqlDriverFeatures('SQLite', driver, null, async () => {
  const file = testFile({ create: true });
  file.run('PRAGMA user_version = 1');
  return {
    connection: file.connection,
    run: async (sql) => file.run(sql),
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    series: (count) => `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s`,
    differs: {
      nan: { refused: /NaN/ },
      list: '[1,null,-9223372036854775808]',
      texts: String.raw`["a,b","c\"d",null,"","NULL","{e}","\\"]`,
    },
    misfits: [
      { type: 'INTEGER', good: "'12'", bad: "'twelve'", why: /twelve/ },
      { type: 'DECIMAL(6,2)', good: '1.5', bad: '12345.5', why: /DECIMAL/ },
      { type: 'DATE', good: "'2026-01-01'", bad: "'yesterday'", why: /yesterday/ },
    ],
    close: async () => file.remove(),
  };
});
