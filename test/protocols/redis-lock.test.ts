/** The locks in Redis and of the lock server: step by step, and what each of them promises. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { expectGolden } from '../golden.ts';
import { commandOutput } from './shell.ts';

const samples = fileURLToPath(new URL('../../samples/distributed-locks/', import.meta.url));

/** The exit code and the output of `run` for a scenario. */
async function outputOf(text: string, ...flags: string[]): Promise<string> {
  let out = '';
  const write = async (more: string) => void (out += more);
  const code = await lockstep(['run', ...flags, 'x.scenario.yaml'], {
    read: () => text,
    version: () => '',
    out: write,
    error: write,
  });
  return `exit ${code}\n${out}`;
}

test.each([
  'fenced-lock', 'pause-past-ttl', 'unlock-compares.broken', 'replica-promoted',
  'redlock-clock-jump', 'redlock-partial-unlock', 'redlock-split-vote',
])('%s', async (name) => {
  const text = await outputOf(readFileSync(`${samples}${name}.scenario.yaml`, 'utf8'));
  expectGolden(import.meta.url, `lock-${name}`, text);
});

interface Story {
  protocol?: string;
  nodes?: string;
  steps: string[];
  expect?: string[];
}

function scenarioOf({ protocol = 'redis-lock', nodes, steps, expect: hopes = [] }: Story): string {
  const list = (lines: string[]) => lines.map((line) => `  - ${line}\n`).join('');
  const cast = nodes ?? '{ redis: redis, A: worker, B: worker, db: storage }';
  const hoped = hopes.length > 0 ? `expect:\n${list(hopes)}` : '';
  return `protocol: ${protocol}\nnodes: ${cast}\nseed: 3\nsteps:\n${list(steps)}${hoped}`;
}

async function expectToHold(story: Story): Promise<void> {
  const text = await outputOf(scenarioOf(story), '--quiet');
  expect(text).toMatch(/^exit 0\n/);
}

async function expectBroken(story: Story, why: RegExp): Promise<void> {
  const text = await outputOf(scenarioOf(story), '--quiet');
  expect(text).toMatch(/^exit 1\n/);
  expect(text).toMatch(why);
}

describe('a server', () => {
  test('executes commands as they are typed', () =>
    expectToHold({
      steps: [
        `A redis "SET k 'two words' PX 5000" answers OK`,
        'A redis "GET k" answers "two words"',
        'A redis "INCR k" fails',
        'A redis "SET k v NX" answers null',
        `A redis "EVAL 'return redis.call(\\"del\\", KEYS[1])' 1 k" answers 1`,
        'A redis "TTL k" answers -2',
        'A redis "NOSUCH k" fails',
      ],
    }));

  test('deletes a key when it expires, even if no command reads it', () =>
    expectToHold({
      steps: ['A lock x ttl=2s', 'wait 3s', 'A redis "GET x" answers null'],
      expect: ['event LockExpired at redis where event.holder == "A" && time > 2.0 && time < 2.1'],
    }));

  test('a key expires early if the clock jumps forward, and late if it jumps back', async () => {
    await expectToHold({
      steps: ['A lock x ttl=10s', 'clock redis jump +11s', 'B lock x'],
      expect: ['event LockExpired where time < 1.0', 'event TwoHolders'],
    });
    await expectToHold({
      steps: ['A lock x ttl=2s', 'clock redis jump -5s', 'wait 4s', 'B lock x fails'],
    });
  });

  const crash = ['A lock x ttl=60s', 'wait 3s', 'A lock y ttl=60s', 'crash redis', 'restart redis'];
  test.each([
    ['none', ['B lock x', 'B lock y']],
    ['everysec', ['B lock x fails', 'B lock y']],
    ['always', ['B lock x fails', 'B lock y fails']],
  ])('with persistence %s', (persistence, steps) =>
    expectToHold({
      nodes: `{ redis: { role: redis, persistence: ${persistence} }, A: worker, B: worker }`,
      steps: [...crash, ...steps],
      expect: ['event RedisRestarted at redis'],
    }));

  test('a replica copies, refuses writes, and keeps a lock that has reached it', () =>
    expectToHold({
      nodes: '{ r1: redis, r2: replica, A: worker, B: worker }',
      steps: [
        'A lock x ttl=60s',
        'wait until r2.state.entries.size() == 2',
        'r1 promote fails',
        'crash r1',
        'r2 promote',
        'wait 100ms',
        'B lock x fails',
        'A unlock x answers true',
        'B lock x',
      ],
      expect: ['no event TwoHolders', 'no event LockLost where event.holder == "A"'],
    }));

  test('an old primary that restarts follows the new one', () =>
    expectToHold({
      nodes: '{ r1: redis, r2: replica, A: worker }',
      steps: [
        // Its connection to r1 must be open: what waits on one that is closed before is lost.
        'wait 100ms',
        'r2 promote',
        'wait until r1.state.standing == "replica" && r2.state.followers.size() == 1',
        'A lock x ttl=60s',
        'wait until "x" in r1.state.entries',
      ],
    }));
});

describe('a worker', () => {
  test('extends its lock, and learns that the lock is lost', () =>
    expectToHold({
      steps: [
        'A lock x ttl=2s', 'wait 1s', 'A extend x ttl=5s answers true', 'wait 3s', 'B lock x fails',
        'wait 3s', 'A extend x ttl=5s answers false', 'A extend x fails', 'A unlock x fails',
      ],
      expect: ['event LockExtended at A', 'event LossNoticed at A'],
    }));

  test('releases a lock whose grant did not reach it', () =>
    expectToHold({
      steps: ['cut redis -> A', 'A lock x ttl=60s fails', 'heal', 'wait 100ms', 'B lock x'],
    }));

  test('writes without a token if it draws none', () =>
    expectToHold({
      nodes:
        '{ redis: redis, A: { role: worker, fencingToken: false }, ' +
        'db: { role: storage, requireToken: false } }',
      steps: ['A lock x answers OK', 'A write stock 5 answers OK', 'A read stock answers 5'],
      expect: ['event WriteAccepted at db where event.token == null'],
    }));
});

describe('Redlock', () => {
  const nodes = '{ r1..r5: redis, A: worker, B: worker, db: storage }';
  const slow = ['network delay=700ms on r1 r2 r3 r4 r5 -> A'];

  test('notices a pause before it reads the clock, and releases the lock', () =>
    expectToHold({
      protocol: 'redlock',
      nodes,
      steps: [
        'start A lock x ttl=1s retries=0', 'wait 1ms', 'pause A for 3s', 'wait until A answered',
        'B lock x ttl=1s',
      ],
      expect: ['event LockRefused at A', 'no event TwoHolders', 'no event LockAcquired at A'],
    }));

  const library = '{ role: worker, returnsExpiredLock: true, retryJitter: 0s }';
  const asLibrary = `{ r1..r3: redis, A: ${library}, B: worker }`;

  test('as node-redlock 5, does not release between attempts what it has locked', () =>
    expectToHold({
      protocol: 'redlock',
      nodes: asLibrary,
      steps: [
        'wait 100ms', 'cut A -> r2 r3', 'start A lock x ttl=500ms retries=2 retry=200ms',
        'wait 150ms', 'wait until "x" in r1.state.entries within 1ms',
      ],
    }));

  test('as node-redlock 5, computes the validity from the start of the first attempt', () =>
    expectToHold({
      protocol: 'redlock',
      nodes: asLibrary,
      steps: ['wait 100ms', 'B lock x ttl=150ms', 'A lock x ttl=500ms retries=2 retry=200ms'],
      expect: ['event LockAcquired at A where event.validity < 300000'],
    }));

  test('validity is the remaining time to live, less the drift', () =>
    expectToHold({
      protocol: 'redlock',
      nodes: '{ r1..r3: redis, A: { role: worker, nodeTimeout: 5s } }',
      // Its connections open first.
      steps: ['wait 100ms', 'network latency=100ms', 'A lock x ttl=10s'],
      // 10 s, less 200 ms for the way there and back, less 100 ms + 2 ms of drift.
      expect: ['event LockAcquired where event.validity == 9698000 && event.instances == 2'],
    }));

  test('extends and unlocks on the majority', () =>
    expectToHold({
      protocol: 'redlock',
      nodes,
      steps: [
        'A lock x ttl=2s', 'crash r5', 'A extend x ttl=9s answers true', 'wait 4s',
        'B lock x retries=0 fails', 'A unlock x answers true', 'B lock x',
      ],
    }));

  test('a client that does not wait long enough for slow servers gets no lock', () =>
    expectToHold({
      protocol: 'redlock', nodes, steps: [...slow, 'A lock x ttl=10s retries=1 fails'],
    }));
});

describe('the invariants', () => {
  const paused = [
    'A lock x ttl=1s', 'pause A for 5s', 'start A write stock 1', 'B lock x retry=100ms',
    'B write stock 2', 'wait until A answered',
  ];
  const token = /A write stock=1 with token 1, though B had written stock=2 with token 2/;
  const holder = /A wrote stock=1 at db after B had written it, though B got the lock x later/;

  test('report an older token that overwrites a newer one', async () => {
    const nodes = '{ redis: redis, A: worker, B: worker, db: { role: storage, fencing: false } }';
    await expectBroken({ nodes, steps: paused }, token);
    await expectToHold({ steps: paused, expect: ['event WriteFenced where event.token == 1'] });
  });

  test('report it even without tokens', async () => {
    const worker = '{ role: worker, fencingToken: false }';
    const db = '{ role: storage, fencing: false }';
    const nodes = `{ redis: redis, A: ${worker}, B: ${worker}, db: ${db} }`;
    await expectBroken({ nodes, steps: paused }, holder);
  });

  test('report nothing if two locks guard two values', () =>
    expectToHold({
      steps: ['A lock x', 'B lock y', 'B write b 1', 'A write a 1', 'B write b 2', 'A write a 2'],
      expect: ['no event WriteFenced', 'no event TwoHolders'],
    }));
});

describe('arguments that Redis cannot take are refused by check', () => {
  const nodes = '{ redis: redis, A: worker }';
  test.each([
    ['redis-lock', 'A lock x ttl=0s', 'ttl cannot be 0ms: Redis takes whole milliseconds'],
    ['redis-lock', 'A extend x ttl=1500us', 'ttl cannot be 1.5ms'],
    ['redlock', 'A lock x ttl=0s', 'ttl cannot be 0ms'],
    ['redlock', 'A extend x ttl=0s', 'ttl cannot be 0ms'],
    ['redlock', 'A lock x retries=-5', 'retries cannot be -5: −1 means no limit'],
    ['reentrant-lock', 'A lock x ttl=0s', 'ttl cannot be 0ms'],
  ])('%s: %s', async (protocol, step, message) => {
    const text = `protocol: ${protocol}\nnodes: ${nodes}\nsteps:\n  - ${step}\n`;
    expect(await commandOutput('check', text)).toContain(message);
  });
});
