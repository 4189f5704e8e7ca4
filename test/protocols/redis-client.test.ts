/** Plain clients of Redis: queues, transactions, subscriptions, and what is not modelled. */
import { describe, expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { wordsOf } from '../../src/protocols/redis/command-line.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
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

describe('a lost host', () => {
  test('a blocked client whose host is lost is dropped after the 600 s of tcp-keepalive', () =>
    expectToHold([
      'A redis "CONFIG GET tcp-keepalive" answers ["tcp-keepalive", "300"]',
      'start A redis "BLPOP q 0"', 'wait 10ms', 'power off A', 'wait 590s',
      'wait until ConnectionEnded at redis within 20s',
      'C redis "RPUSH q x" answers 1', 'C redis "LLEN q" answers 1',
    ]));

  test('tcp-keepalive 0 never drops it; a new value applies to new connections', async () => {
    const steps = (set: string) => [
      `C redis "CONFIG SET tcp-keepalive ${set}"`, 'A connect', 'start A redis "BLPOP q 0"',
      'wait 10ms', 'power off A', 'wait 1000s', 'C redis "RPUSH q x"', 'C redis "LLEN q" answers ',
    ];
    const never = steps('0');
    await expectToHold([...never.slice(0, -1), `${never.at(-1)}0`]);
    const soon = steps('60');
    await expectToHold([...soon.slice(0, -1), `${soon.at(-1)}1`]);
    const off = scenario(
      ['start A redis "BLPOP q 0"', 'wait 10ms', 'power off A', 'wait 1000s', 'C redis "RPUSH q x"', 'C redis "LLEN q" answers 0'],
    ).replace('redis: redis', 'redis: { role: redis, tcpKeepalive: 0s }');
    expect(await outputOf(off, '--quiet')).toMatch(/^exit 0\n/);
  });

  const lostServer = [
    'start A redis "BLPOP q 0"', 'wait 10ms', 'power off redis', 'wait 2000s',
  ];

  test('a client that is blocked on a lost server learns of it with keepAlive only', async () => {
    await expectToHold(lostServer, ['no event ConnectionEnded at A']);
    const probing = scenario(lostServer, ['event ConnectionEnded at A where event.how == "timed out"'])
      .replace('A: client', 'A: { role: client, keepAlive: 60s }');
    expect(await outputOf(probing, '--quiet')).toContain('the connection ended (timed out)');
  });

  test('a client with a timeout closes its connection when the reply does not come', async () => {
    const impatient = scenario(['wait 10ms', 'A redis "BLPOP q 0" fails', 'A redis "PING" answers PONG'])
      .replace('A: client', 'A: { role: client, timeout: 5s }');
    expect(await outputOf(impatient, '--quiet')).toMatch(/^exit 0\n/);
  });

  test('timeout closes connections without commands, but no blocked ones', () =>
    expectToHold(
      [
        'A redis "CONFIG GET timeout" answers ["timeout", "0"]', 'A redis "CONFIG SET timeout 10"',
        'start B redis "BLPOP q 0"', 'wait 30s',
      ],
      [
        'event ConnectionEnded at A', 'event ConnectionEnded at C',
        'no event ConnectionEnded at B',
      ],
    ));
});

describe('numbers and refusals', () => {
  test('integers above 2^53 are exact, in scripts as doubles', () =>
    expectToHold([
      'A redis "SET n 9007199254740992"', 'A redis "INCR n" answers "9007199254740993"',
      'A redis "GET n" answers "9007199254740993"',
      'A redis "HINCRBY h f 9223372036854775807" answers "9223372036854775807"',
      'A redis "DECRBY n 9007199254740992" answers 1',
      'A redis "EVAL \'return 2^63\' 0" answers "-9223372036854775808"',
      'A redis "PEXPIREAT n 9223372036854775" fails',
    ]));

  test.each([
    ['A redis ""', 'the command is empty'],
    ['A connect A', 'A is not a Redis server: name a node of the role redis or replica'],
  ])('%s is refused by check', async (step, message) => {
    const text = await commandOutput('check', scenario([step]));
    expect(text).toMatch(/^exit [12]\n/);
    expect(text).toContain(message);
  });

  test('DEBUG is refused as by default, and can be enabled', async () => {
    const steps = ['A redis "DEBUG SLEEP 1"'];
    const text = await outputOf(scenario(steps), '--quiet');
    expect(text).toContain('ERR DEBUG command not allowed');
    const enabled = scenario([`${steps[0]} answers OK`]).replace(
      'redis: redis', 'redis: { role: redis, enableDebugCommand: true }',
    );
    expect(await outputOf(enabled, '--quiet')).toMatch(/^exit 0\n/);
  });
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

describe('the words of a command', () => {
  // What redis-cli 7.0.15 makes of each.
  test.each<[string, string[] | undefined]>([
    ['SET a "x y"', ['SET', 'a', 'x y']],
    ['SET c x"y z"', ['SET', 'c', 'xy z']],
    [String.raw`SET a 'it\'s \n'`, ['SET', 'a', String.raw`it's \n`]],
    [String.raw`SET a "\x41\n"`, ['SET', 'a', 'A\n']],
    ['SET a ""', ['SET', 'a', '']],
    ['SET a "x', undefined],
    ['SET a "x"y', undefined],
    [String.raw`SET a 'a'b`, undefined],
    ['SET a b"', undefined],
    [String.raw`SET a 'a\' b`, undefined],
  ])('%s', (command, words) => expect(wordsOf(command)).toEqual(words));

  test('are refused by check if a quote is not closed', () => {
    const text = 'protocol: redis\nnodes: { redis: redis, A: client }\nsteps:\n  - A redis \'SET a "x\'\n';
    const { problems } = parseScenario(text, 'x.scenario.yaml', library);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('a quote of the command')]);
  });
});

test('an answer that is written as redis-cli prints it is explained', async () => {
  const text = await outputOf(scenario(['A redis "GET k" answers "(nil)"']), '--quiet');
  expect(text).toContain('the answer was null instead of "(nil)": write null, without');
  const counted = await outputOf(scenario(['A redis "INCR k" answers "(integer) 1"']), '--quiet');
  expect(counted).toContain('write 1, without what redis-cli adds');
});
