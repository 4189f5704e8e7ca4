/** Sweeps by processes of the built command line, with a Redis of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { installCommand, loadLibrary } from '../../src/cli/queue/library.ts';
import { fromWire, toWire } from '../../src/cli/queue/wire.ts';
import {
  noRedis, type RedisServer, redisVersion, startRedis,
} from '../conformance/redis-server.ts';
import { RespClient } from '../conformance/resp.ts';
import { skipUnavailable } from '../conformance/unavailable.ts';
import { eventually } from '../host/eventually.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = path.join(root, 'dist/cli.js');
const hasRedis = redisVersion() !== undefined;

let server: RedisServer;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  if (hasRedis) server = await startRedis();
});
afterAll(async () => {
  for (const one of running) one.kill('SIGKILL');
  if (hasRedis) await server.stop();
});

interface Started {
  readonly child: ChildProcess;
  readonly printed: { out: string; error: string };
  readonly ended: Promise<{ code: number | null; out: string; error: string }>;
}

function start(...args: string[]): Started {
  const child = spawn(process.execPath, [bundle, ...args], { cwd: root });
  running.add(child);
  const printed = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.error += text));
  const ended = new Promise<{ code: number | null; out: string; error: string }>((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, ...printed });
    });
  });
  return { child, printed, ended };
}

/** A database of the server, which one test has to itself. */
interface Database {
  readonly url: string;
  /** How many jobs of any queue are in a state. */
  jobs(state: 'active' | 'wait'): Promise<number>;
  set(key: string, value: string): Promise<unknown>;
}

let databases = 0;

async function ownDatabase(context: TestContext): Promise<Database> {
  if (!hasRedis) skipUnavailable(context, noRedis);
  const number = databases++;
  const client = await RespClient.open(server.port);
  context.onTestFinished(() => client.close());
  await client.send(['SELECT', String(number)]);
  return {
    url: `redis://127.0.0.1:${server.port}/${number}`,
    async jobs(state) {
      const keys = (await client.send(['KEYS', `bull:*:${state}`])) as string[];
      const counts = await Promise.all(keys.map((key) => client.send(['LLEN', key])));
      return counts.reduce((sum: number, count) => sum + Number(count), 0);
    },
    set: (key, value) => client.send(['SET', key, value]),
  };
}

const bugs = 'samples/find-the-bug';
const rare = 'nodes.exists(n, n.id == "v2" && !n.up) && ' +
  'nodes.exists(n, n.id == "c1" && n.state.votes.size() == 1)';
const sweeps: [string, string[]][] = [
  ['walks', ['explore', `${bugs}/transaction.scenario.yaml`, '--mode', 'random',
    '--faults', 'crashes=1', '--seeds', '1..400', '--json']],
  ['a search', ['explore', 'samples/paxos/duel-ends.scenario.yaml', '--mode', 'bfs',
    '--max-states', '3000', '--json']],
  ['a search and walks', ['explore', 'samples/paxos/duel-ends.scenario.yaml', '--seeds', '1..120',
    '--max-states', '10500', '--json']],
  ['walks to a condition', ['explore', `${bugs}/vote.scenario.yaml`, '--mode', 'pct', '--faults',
    'crashes=1', '--on', 'v2', '--reach', rare,
    '--seeds', '20..400', '--json']],
  ['seeds', ['run', 'samples/paxos/quorum-too-small.broken.scenario.yaml', '--seeds', '1..60']],
];

interface Report {
  readonly outside?: { readonly tried: readonly object[] };
}

/**
 * The report, but not why it takes all choices: a part of a search never leaves one out. Nor how many
 * runs were tried beyond the scenario, which a time ends.
 */
function reported(out: string): unknown {
  if (!out.startsWith('{')) return out;
  const { outside, ...report } = JSON.parse(out) as Report;
  const tried = outside?.tried.map((one) => ({ ...one, runs: undefined }));
  return { ...report, outside: { ...outside, tried }, reduction: undefined };
}

// Each waits for the lock of the killed worker to end: together they take little longer than one.
const killed = '%s: a worker that is killed in the middle changes nothing';
test.concurrent.for(sweeps)(killed, async ([, args], context) => {
  const { expect } = context;
  const { url, jobs } = await ownDatabase(context);
  const active = async () => ((await jobs('active')) > 0 ? true : undefined);
  const worker = () => start('worker', '--queue', url, '--workers', '1');
  const alone = start(...args).ended;
  const first = worker();
  const sweep = start(...args, '--queue', url);
  await eventually(active, 'a job that the first worker does');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = worker();
  const [one, many] = await Promise.all([alone, sweep.ended]);
  expect(reported(many.out)).toEqual(reported(one.out));
  expect(many.code).toBe(one.code);
  // Otherwise nothing was lost that could have been missed.
  expect(many.error).toContain('a worker ended: another one does its job again');
  second.child.kill('SIGTERM');
  expect((await second.ended).out).toMatch(/It runs the protocol code[^]*ended after \d+ jobs?\n/);
});

test('without a worker, a sweep says what to do, and ends with --for', async (context) => {
  const { url } = await ownDatabase(context);
  const [, args] = sweeps.at(-1)!;
  const { code, out, error } = await start(...args, '--queue', url, '--for', '12s').ended;
  expect(error).toContain(`there is no worker: start \`lockstep worker --queue ${url}`);
  expect(out).toContain('stopped at the time limit after 0 of 60 seeds');
  expect(code).toBe(3);
});

test('workers of another build are named', async (context) => {
  const { url, set } = await ownDatabase(context);
  const other = { queue: 'lockstep-9.9.9-other', version: '9.9.9', build: 'other' };
  await set('lockstep:worker:1', JSON.stringify(other));
  const [, args] = sweeps.at(-1)!;
  // Whenever the sweep begins to look for workers: on a busy machine, that is late.
  const { child, printed } = start(...args, '--queue', url);
  const said = 'the workers are of another Lockstep: 9.9.9 (build other)';
  await eventually(async () => printed.error.includes(said) || undefined, said);
  child.kill('SIGKILL');
});

test('Ctrl-C removes the jobs that wait', async (context) => {
  const { url, jobs } = await ownDatabase(context);
  const [, args] = sweeps.at(-1)!;
  const sweep = start(...args, '--queue', url);
  await eventually(async () => ((await jobs('wait')) >= 30 ? true : undefined), 'waiting jobs');
  sweep.child.kill('SIGINT');
  const { code, error } = await sweep.ended;
  expect(error).toContain('cancelled: the jobs that wait are removed');
  expect([code, await jobs('wait')]).toEqual([130, 0]);
});

test('no Redis is an error that says what to do', async () => {
  const { code, error } = await start('worker', '--queue', 'redis://127.0.0.1:1').ended;
  expect(error).toContain('no Redis answers at redis://127.0.0.1:1');
  expect(code).toBe(2);
});

test('without the packages, the error names them', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-queue-'));
  const loaded = loadLibrary(path.join(folder, 'cli.js'), folder);
  rmSync(folder, { recursive: true });
  expect(loaded).toMatchObject({ problem: expect.stringContaining(installCommand) as string });
  expect(installCommand).toBe('npm install bullmq@6 ioredis@6');
});

test('infinite numbers survive the wire', () => {
  const data = { faults: { duplicates: Infinity, drops: 0 }, list: [-Infinity, 1, null, 'any'] };
  expect(fromWire(toWire(data))).toEqual(data);
});

test.each([
  [['explore', 'x.yaml', '--queue', 'localhost'], '--queue must be the address of a Redis'],
  [['run', sweeps.at(-1)![1][1]!, '--queue', 'redis://a'], '--queue needs --seeds'],
  [[...sweeps[2]![1], '--mode', 'dfs', '--queue', 'redis://a'], 'does not apply to --mode dfs'],
  [[...sweeps[0]![1], '--workers', '2', '--queue', 'redis://a'], 'choose one of --queue and'],
  [['worker'], 'worker needs --queue'],
])('%j is refused', async (args, why) => {
  const { code, error } = await start(...args).ended;
  expect({ code, why: error.includes(why) || args.includes('x.yaml') }).toEqual({ code: 2, why: true });
});
