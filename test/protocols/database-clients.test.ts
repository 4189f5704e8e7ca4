/** Clients that fail: cases from practice, and what server and client learn of them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

async function runs(source: string, ...flags: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(['run', ...flags, 'a.scenario.yaml'], {
    read: () => source,
    version: () => '',
    out: write,
    error: write,
  });
  return { code, out };
}

const head = 'protocol: database\nseed: 1\n';
const nodes = (server = 'database') => `nodes: { db: ${server}, A: client, B: client }\n`;
const steps = (...lines: string[]) => `steps:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

/** A has the row, B waits for it. */
const waiting = [
  'A begin', 'A sql "SELECT qty FROM items WHERE id = 1 FOR UPDATE"',
  'start B sql "UPDATE items SET qty = 0 WHERE id = 1"', 'wait until LockWaited',
];

/** The virtual time, in seconds, at which an event was reported first. */
function timeOf(out: string, event: string): number {
  const line = out.split('\n').find((one) => one.includes(` db ${event}`));
  return Number(/^([\d.]+)s/.exec(line ?? '')?.[1]);
}

test('a killed client holds its lock no longer than its host needs to close the connection', async () => {
  const source = head + nodes() + steps(...waiting, 'crash A', 'wait until B answered within 30s');
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
  expect(timeOf(out, 'SessionEnded') - timeOf(out, 'LockWaited')).toBeLessThan(0.01);
  expect(out).toMatch(/B#1 answered: UPDATE 1/);
});

test.each([
  ['keep-alive', 'tcp_keepalives_idle: 5s, tcp_keepalives_interval: 1s, tcp_keepalives_count: 3', 8],
  ['the idle timeout', 'idle_in_transaction_session_timeout: 4s', 4],
])('a lost host keeps its lock until %s ends the session', async (_, settings, after) => {
  const server = `{ role: database, ${settings} }`;
  const source = head + nodes(server) + steps(...waiting, 'unplug A', 'wait until B answered within 1m');
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
  expect(timeOf(out, 'SessionEnded') - timeOf(out, 'LockWaited')).toBeGreaterThan(after - 1);
  expect(timeOf(out, 'SessionEnded') - timeOf(out, 'LockWaited')).toBeLessThan(after + 1);
});

test('a lost host keeps its lock for two hours and eleven minutes by default', async () => {
  const source = head + nodes() + steps(...waiting, 'unplug A', 'wait until B answered within 3h');
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
  const held = timeOf(out, 'SessionEnded') - timeOf(out, 'LockWaited');
  expect(Math.round(held / 60)).toBe(131);
});

test('a session that waits does not notice that its client is dead, and its statement is executed', async () => {
  const source = head + nodes() + steps(...waiting, 'crash B', 'wait 5s', 'A commit', 'wait 1s') +
    'expect:\n  - event ClientLost at db\n  - end: db.state.committed.items[0].qty == 0\n';
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
});

test('client_connection_check_interval notices, and the session leaves the queue', async () => {
  const server = '{ role: database, client_connection_check_interval: 300ms }';
  const source = head + nodes(server) +
    steps(...waiting, 'crash B', 'wait 5s', 'A commit', 'wait 1s') +
    'expect:\n  - event SessionEnded at db\n  - end: db.state.committed.items[0].qty == 1\n';
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
});

test('settings can be changed by a session, and have ranges', async () => {
  const server = (settings: string) => nodes(`{ role: database, ${settings} }`);
  const set = head + nodes() + steps(
    `A sql "SET idle_in_transaction_session_timeout = '2s'"`,
    'A sql "SHOW idle_in_transaction_session_timeout" answers "2s"',
    ...waiting, 'wait until B answered within 3s',
  );
  expect((await runs(set)).code).toBe(0);
  const low = await runs(head + server('deadlock_timeout: 0ms') + steps('A begin'));
  expect(low.out).toContain('at least 1 ms');
  const high = await runs(head + server('tcp_keepalives_count: 200') + steps('A begin'));
  expect(high.out).toContain('1 to 127');
});

test('a job is taken by one worker although its neighbour is locked', async () => {
  const take = 'SELECT id FROM items WHERE qty > 0 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED';
  const source = head + nodes('{ role: database, items: 3 }') + steps(
    'A begin', `A sql "${take}" answers 1`, 'B begin', `B sql "${take}" answers 2`,
    'A rollback', `B sql "${take}" answers 1`,
  );
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
});

test('what a client says of a statement whose connection ends', async () => {
  const says = async (...lines: string[]) => {
    const { out } = await runs(head + nodes() + steps(...lines));
    return [...out.matchAll(/A#\d+ failed: (.*)/g)].map(([, said]) => said);
  };
  // It may have been executed.
  expect(await says('start A sql "UPDATE items SET qty = 5"', 'wait until RowWritten', 'reset A - db', 'wait 1s'))
    .toEqual([expect.stringContaining('it may have been executed, or not')]);
  // Its transaction is rolled back.
  expect(await says(
    'A begin', 'start A sql "UPDATE items SET qty = 5"', 'wait until RowWritten', 'reset A - db', 'wait 1s',
  )).toEqual([expect.stringContaining('its transaction is rolled back')]);
  // COMMIT has an unknown outcome.
  expect(await says(
    'A begin', 'A sql "UPDATE items SET qty = 5"', 'start A commit', 'reset A - db', 'wait 1s',
  )).toEqual([expect.stringContaining('before COMMIT was answered: it may have been executed')]);
});

test('the samples of killed client and pulled cable differ in one line', () => {
  const folder = new URL('../../samples/database-clients/', import.meta.url);
  const core = (name: string) =>
    readFileSync(new URL(`${name}.scenario.yaml`, folder), 'utf8')
      .split(/^expect:/m)[0]
      .split('\n')
      .filter((line) => !line.startsWith('title:') && !line.startsWith('#'));
  const [killed, pulled] = ['killed-client', 'pulled-cable.broken'].map(core);
  expect(killed.filter((line, i) => line !== pulled[i])).toHaveLength(1);
});

test('a buyer whose connection to Redis is reset takes the lock on a new one', async () => {
  const source =
    head + 'nodes: { db: database, cache: redis, A: { role: client, cure: lock, lockTtl: 2s } }\n' +
    steps('start A buy', 'wait until LockAcquired', 'reset A - cache', 'wait until A answered within 10s');
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
  expect(out).toMatch(/A#1 answered: bought/);
});

test('a lock whose reply is lost is refused to its own client until it expires', async () => {
  const source =
    head + 'nodes: { db: database, cache: redis, A: { role: client, cure: lock, lockTtl: 2s } }\n' +
    steps('start A buy', 'drop cache->A Reply', 'wait until A answered within 10s');
  const { code, out } = await runs(source);
  expect(code, out).toBe(0);
  expect(out).toMatch(/OutcomeUnknown/);
  expect(out).toMatch(/LockRefused/);
  expect(out).toMatch(/A#1 answered: bought/);
});

test('a transfer fails if an item does not exist, and changes nothing', async () => {
  for (const items of ['1 99', '99 1']) {
    const source = head + nodes() + steps(
      `A transfer ${items} fails`, 'B sql "SELECT sum(qty) FROM items WHERE id = 1"',
    );
    const { code, out } = await runs(source);
    expect(code, out).toBe(0);
    expect(out).toContain('row not found: there is no item 99');
    expect(out).not.toContain('answered: moved');
  }
});
