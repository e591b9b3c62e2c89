import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noKafka, startKafka } from '../../src-main/connectors/servers/kafka.testing.ts';
import type { Kafka } from '../../src-main/connectors/servers/kafka.testing.ts';
import { createJournal } from '../../src-main/journal/sqlite.ts';
import { tidy } from '../kills/command-line.ts';
import { newPerson } from './person.ts';
import type { Person, Ran } from './person.ts';

interface Flight {
  readonly date: string;
  readonly delay: number;
}
const lines = readFileSync(resolve(import.meta.dirname, '../../resources/templates/data/flights.ndjson'), 'utf8').trimEnd().split('\n');

interface Day {
  readonly day: string;
  readonly flights: number;
  readonly mean: number;
  readonly line: string;
}
/** Counts and delays by day, worked out here a second time. */
function daysOf(some: readonly string[]): readonly Day[] {
  const flights = some.map((line) => JSON.parse(line) as Flight);
  return [...Map.groupBy(flights, ({ date }) => date.slice(0, 10).replaceAll('/', '-'))].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([day, those]) => {
    const delays = those.map(({ delay }) => delay);
    const exact = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    const mean = (Math.sign(exact) * Math.round(Math.abs(exact) * 10)) / 10;
    const late = delays.filter((delay) => delay > 15).length;
    return { day, flights: those.length, mean, line: `${day} 00:00:00,${those.length},${late},${Number.isInteger(mean) ? `${mean}.0` : mean},${Math.max(...delays)}` };
  });
}
const HEADER = 'day,flights,late,mean_delay,longest_delay';
const csvOf = (...days: readonly (readonly Day[])[]): string => `${[HEADER, ...days.flat().map(({ line }) => line)].join('\n')}\n`;
const alarmsOf = (days: readonly Day[]): readonly object[] => days.filter(({ mean }) => mean > 20).map(({ day, flights, mean }) => ({ day: `${day} 00:00:00`, flights, meanDelay: mean }));

const rowsRead = (ran: Ran): unknown => ran.nodes.find(({ id }) => id === 'events')?.rowsOut;

describe.skipIf(noKafka !== null)(`a topic becomes counts by day, and alarms${noKafka === null ? '' : ` (${noKafka})`}`, () => {
  let kafka: Kafka;
  let service: Server;
  let alarms: object[] = [];
  let onAlarm: (() => void) | null = null;
  beforeEach(async () => {
    kafka = await startKafka();
    alarms = [];
    onAlarm = null;
    service = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (more: string) => (text += more));
      request.on('end', () => {
        alarms.push(JSON.parse(text) as object);
        onAlarm?.();
        response.end('raised');
      });
    });
    await new Promise<void>((done) => void service.listen(0, '127.0.0.1', done));
  });
  afterEach(async () => {
    service.closeAllConnections();
    await new Promise((done) => void service.close(done));
    await kafka.stop();
    tidy();
  });

  /** As the template's note says: the sample, or a part of it, put into the topic by kcat. */
  async function produce(person: Person, some: readonly string[]): Promise<void> {
    const path = join(person.folder, 'produced.ndjson');
    writeFileSync(path, `${some.join('\n')}\n`);
    await promisify(execFile)('kcat', ['-P', '-b', kafka.bootstrap, '-t', 'flights', '-l', path]);
  }
  async function ready(): Promise<{ readonly person: Person; readonly file: string; readonly counts: string }> {
    const person = newPerson();
    await person.connect('Events', 'kafka', { bootstrap: kafka.bootstrap });
    await person.connect('Alarm service', 'http', { baseUrl: `http://127.0.0.1:${(service.address() as AddressInfo).port}`, allowPrivate: true });
    return { person, file: person.take('kafka-windows'), counts: join(person.folder, 'output/flights-by-day.csv') };
  }
  test('what is new in the topic is counted and told of once; the next run begins where this one ended', async () => {
    const { person, file, counts } = await ready();
    const [early, late] = [lines.slice(0, 1300), lines.slice(1300)];
    await produce(person, early);
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    expect(readFileSync(counts, 'utf8')).toBe(csvOf(daysOf(early)));
    expect(alarmsOf(daysOf(early)).length).toBeGreaterThan(3);
    expect(alarms).toEqual(alarmsOf(daysOf(early)));

    const idle = await person.run(file);
    expect([idle.status, rowsRead(idle)]).toEqual(['completed', 0]);
    expect(readFileSync(counts, 'utf8')).toBe(csvOf(daysOf(early)));

    await produce(person, late);
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    expect(readFileSync(counts, 'utf8')).toBe(csvOf(daysOf(early), daysOf(late)));
    expect(alarms).toEqual([...alarmsOf(daysOf(early)), ...alarmsOf(daysOf(late))]);
  });

  test('a crash after the file was written and before the topic knew of it: nothing is counted twice, no alarm comes twice, and the group moves on', async () => {
    const { person, file, counts } = await ready();
    await produce(person, lines);
    // By the first alarm all messages are read; from then on the cluster is not to be reached, so that the group can't move.
    onAlarm = () => {
      for (const proxy of kafka.proxies) {
        proxy.refuse(true);
        proxy.cut();
      }
    };
    const killed = await person.run(file, (child) => void killOnceWritten(child, person.data));
    expect(killed.said.code).toBeNull();
    onAlarm = null;
    for (const proxy of kafka.proxies) proxy.refuse(false);

    const next = await person.run(file);
    expect([next.status, rowsRead(next)]).toEqual(['completed', 0]);
    expect(next.said.stderr).toMatch(/Going on with run/u);
    expect(readFileSync(counts, 'utf8')).toBe(csvOf(daysOf(lines)));
    expect(alarms).toEqual(alarmsOf(daysOf(lines)));
  });

});

/** Kills the studio as soon as every node of its run is done. */
async function killOnceWritten(child: ChildProcess, data: string): Promise<void> {
  const isDone = (): boolean => {
    try {
      const journal = createJournal({ path: join(data, 'journal.sqlite'), readOnly: true });
      const [row] = journal.runs({}, 0, 1).rows;
      const nodes = row === undefined ? [] : Object.values(journal.run(row.id)?.nodes ?? {});
      journal.close();
      return nodes.length > 0 && nodes.every(({ status }) => status === 'completed');
    } catch {
      // It is being made.
      return false;
    }
  };
  while (child.exitCode === null && !isDone()) await new Promise((wake) => void setTimeout(wake, 50));
  child.kill('SIGKILL');
}
