/** Plain clients of Redis: queues, transactions, subscriptions, and what is not modelled. */
import { describe, expect, test } from 'vitest';
import { commandOutput, outputOf } from './shell.ts';

const scenario = (steps: readonly string[], hopes: readonly string[] = [], nodes = '') => {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}\n`).join('');
  const cast = `{ redis: redis, A: client, B: client, C: client${nodes} }`;
  const hoped = hopes.length > 0 ? `expect:\n${list(hopes)}` : '';
  return `protocol: redis\nnodes: ${cast}\nseed: 3\nsteps:\n${list(steps)}${hoped}`;
};
const expectToHold = async (...given: Parameters<typeof scenario>) =>
  expect(await outputOf(scenario(...given), '--quiet')).toMatch(/^exit 0\n/);

describe('a client', () => {
  test('waits for an item of a queue, first come, first served', () =>
    expectToHold([
      'start A redis "BLPOP q 0"',
      'wait 10ms',
      'start B redis "BLPOP q 0"',
      'wait 10ms',
      'C redis "RPUSH q x" answers 1',
      'wait 10ms',
      'C redis "LLEN q" answers 0',
      'C redis "RPUSH q y" answers 1',
    ]));

  test('gives up its place in the queue with its connection', () =>
    expectToHold([
      'start A redis "BLPOP q 0"',
      'wait 10ms',
      'crash A',
      'wait 10ms',
      'C redis "RPUSH q x" answers 1',
      'C redis "LLEN q" answers 1',
    ]));

  test('keeps its place if its host is lost: the item is lost with it', () =>
    expectToHold([
      'start A redis "BLPOP q 0"',
      'wait 10ms',
      'power off A',
      'C redis "RPUSH q x" answers 1',
      'C redis "LLEN q" answers 0',
    ]));

  test('loses its transaction and its watches with its connection', () =>
    expectToHold([
      'A redis "MULTI" answers OK',
      'A redis "SET k 1" answers QUEUED',
      'A connect',
      'A redis "EXEC" fails',
      'B redis "GET k" answers null',
    ]));

  test('does not know what a command did whose connection ended, and asks or sends it again', async () => {
    const steps = ['wait 10ms', 'cut redis -> A', 'start A redis "INCR n"', 'wait 100ms', 'reset A - redis', 'heal', 'wait 1s'];
    const failing = await outputOf(scenario([...steps, 'B redis "GET n" answers "1"']), '--quiet');
    expect(failing).toContain('the connection ended (reset); the command may have been executed');
    const again = scenario([...steps, 'B redis "GET n" answers "2"']).replace(
      'A: client', 'A: { role: client, onLostConnection: resend }',
    );
    expect(await outputOf(again, '--quiet')).toMatch(/^exit 0\n/);
  });

  test('hears what is published while it is subscribed', () =>
    expectToHold(
      ['A redis "SUBSCRIBE c"', 'B redis "PUBLISH c hello" answers 1', 'wait 10ms', 'A redis "GET k" fails'],
      ['event MessageReceived at A where event.message == "hello"'],
    ));

  test('waits until a replica has its write', () =>
    expectToHold(
      [
        'wait 10ms', 'A redis "SET k 1"', 'A redis "WAIT 1 1000" answers 1',
        'cut redis -> r2', 'A redis "SET k 2"', 'A redis "WAIT 1 500" answers 0',
      ],
      [],
      ', r2: replica',
    ));

  test('is refused what has expired, in a transaction too', () =>
    expectToHold([
      'A redis "SET k 1 PX 100"', 'A redis "WATCH k"', 'wait 200ms', 'A redis "MULTI"',
      'A redis "SET k 2"', 'A redis "EXEC" answers null',
    ]));
});

describe('a script', () => {
  test('that never ends makes the server busy until it is killed', () =>
    expectToHold([
      'start A redis "EVAL \'while true do end\' 0"',
      'wait 6s',
      'B redis "GET k" fails',
      'B redis "SCRIPT KILL" answers OK',
      'wait 10ms',
      'B redis "GET k" answers null',
    ].map((step) => step.replace('start A redis "EVAL', 'start A redis "EVAL'))));

  test('that has written cannot be killed', async () => {
    const text = await outputOf(
      scenario([
        `start A redis "EVAL 'redis.call(\\"set\\",\\"k\\",1) while true do end' 0"`, 'wait 6s',
        'B redis "SCRIPT KILL"',
      ]),
      '--quiet',
    );
    expect(text).toContain('UNKILLABLE');
  });
});

describe('what is not modelled', () => {
  test.each([
    ['GEOADD g 1 2 a', "Lockstep's Redis does not model GEOADD"],
    ['CLIENT LIST', "Lockstep's Redis does not model CLIENT LIST"],
    ["EVAL 'return redis.call(\\\"geoadd\\\", KEYS[1])' 1 g", "Lockstep's Redis does not model GEOADD in scripts"],
    ["EVAL 'return bit.band(1, 2)' 0", "Lockstep's Redis does not model bit.band in scripts"],
  ])('%s is refused by check, at its line', async (command, message) => {
    const text = await commandOutput('check', scenario([`A redis "${command}"`]));
    expect(text).toMatch(/^exit [12]\n/);
    expect(text).toContain(message);
    expect(text).toContain(':5:');
  });

  test('a command that no Redis knows gets the error of Redis', async () => {
    expect(await commandOutput('check', scenario(['A redis "NOSUCH x"']))).toMatch(/^exit 0\n/);
    const text = await outputOf(scenario(['A redis "NOSUCH x"']), '--quiet');
    expect(text).toContain("ERR unknown command 'NOSUCH', with args beginning with: 'x' ");
  });
});
