/** The re-entrant lock: counts, the watchdog, the wake-up, and a lost reply. */
import { describe, expect, test } from 'vitest';
import { outputOf } from './shell.ts';

const run = (steps: readonly string[], hopes: readonly string[] = [], options = '') => {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}\n`).join('');
  const hoped = hopes.length > 0 ? `expect:\n${list(hopes)}` : '';
  const nodes = '{ redis: redis, A: worker, B: worker, db: storage }';
  const text = `protocol: reentrant-lock\nnodes: ${nodes}\n${options}seed: 3\nsteps:\n${list(steps)}${hoped}`;
  return outputOf(text, '--quiet');
};

test('is taken and released as often, and renewed meanwhile', async () => {
  const text = await run(
    [
      'A lock x answers 1', 'A lock x answers 2', 'wait 60s', 'B lock x wait=0s fails',
      'A unlock x answers 1', 'A unlock x answers 0', 'A unlock x fails', 'B lock x answers 1',
    ],
    ['event LockRenewed at A', 'no event TwoHolders'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

test('wakes who waits when it is released, not when it would expire', async () => {
  const text = await run([
    'A lock x answers 1', 'start B lock x', 'wait 1s', 'A unlock x answers 0',
    'wait until LockAcquired at B within 100ms',
  ]);
  expect(text).toMatch(/^exit 0\n/);
});

test('with a time to live is not renewed: a late release does not touch the next holder', async () => {
  const text = await run(
    ['A lock x ttl=2s answers 1', 'B lock x answers 1', 'A unlock x fails', 'B lock x answers 2'],
    ['event LossNoticed at A', 'no event LockRenewed at A'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

test('is held twice if only the reply was lost, because the client sends the command again', async () => {
  const text = await run(
    [
      'wait 100ms', 'start A lock x', 'wait 2ms', 'wait until "x" in redis.state.entries', 'reset A - redis',
      'wait until LockAcquired at A within 10s', 'A unlock x answers 1', 'B lock x wait=0s fails',
    ],
    ['event CommandRepeated at A', 'event LockAcquired at A where event.count == 2'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

test('a holder that crashes keeps it until the watchdog would have renewed it', async () => {
  const text = await run(
    ['A lock x answers 1', 'crash A', 'B lock x wait=20s fails', 'B lock x answers 1'],
    ['event LockExpired where event.holder == "A"'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

const lateReplies = ['wait 100ms', 'network delay=70ms on redis -> A'];

test('a lock granted after `wait` is a success, and the watchdog renews it', async () => {
  const text = await run(
    [
      ...lateReplies, 'A lock x wait=10ms answers 1', 'wait 60s', 'B lock x wait=0s fails',
      'A unlock x answers 0', 'B lock x wait=0s answers 1',
    ],
    ['event LockRenewed at A', 'no event TwoHolders'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

test('a lock with `ttl` granted after `wait` is not renewed', async () => {
  const text = await run(
    [...lateReplies, 'A lock x ttl=12s wait=10ms answers 1', 'B lock x wait=13s answers 1'],
    ['no event LockRenewed at A'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

test('a reply after `wait` that says the lock is taken ends the operation', async () => {
  const text = await run(
    [
      'B lock x answers 1', ...lateReplies, 'A lock x wait=10ms fails', 'B unlock x answers 0',
      'wait 60s',
    ],
    ['event LockRefused at A', 'no event LockAcquired at A'],
  );
  expect(text).toMatch(/^exit 0\n/);
});

describe('a watchdog whose renewal has no reply', () => {
  // Its renewal at 10 s finds a server that stands still for longer than all its attempts take.
  const steps = ['A lock x answers 1', 'wait 9.5s', 'pause redis for 14s', 'wait 60s'];
  const options = (survives: boolean) => `options: { renewsAfterError: ${survives} }\n`;

  test('goes on in recent versions', async () => {
    const hopes = ['event LockRenewed at A where time > 40.0', 'no event WatchdogEnded'];
    expect(await run([...steps, 'A unlock x answers 0'], hopes, options(true))).toMatch(/^exit 0\n/);
  });

  test('ended in earlier ones: the lock expires, and its holder does not know', async () => {
    const hopes = ['event WatchdogEnded at A', 'event LockLost where event.holder == "A"'];
    expect(await run([...steps, 'A unlock x fails'], hopes, options(false))).toMatch(/^exit 0\n/);
  });
});
