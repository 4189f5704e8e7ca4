/** ZooKeeper on disks that stand still: only what says that something is logged waits for them. */
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

async function run(steps: readonly string[], expectations: readonly string[], voters = 5) {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}\n`).join('');
  const source =
    `protocol: zookeeper-lock\nseed: 1\nnetwork: { latency: 1ms }\n` +
    `nodes: { zk1..zk${voters}: server, A: { role: client, servers: [zk1, zk2] } }\n` +
    `steps:\n${list(steps)}expect:\n${list(expectations)}`;
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(['run', 'a.scenario.yaml'], {
    read: () => source, version: () => '', out: write, error: write,
  });
  return { code, out };
}

const led = ['wait until EpochEstablished at zk5 within 3s', 'A create /a'];
const stories: Readonly<Record<string, readonly [readonly string[], readonly string[], number?]>> = {
  'four followers commit without the disk of the leader': [
    [...led, 'disk zk5 stall for 5s', 'A create /b answers "/b" within 100ms', 'A set /b 2 within 100ms'],
    ['end: zk5.state.znodes["/b"].data == "2"'],
  ],
  'a leader that ends before its disk goes on has not logged what was committed without it': [
    [
      ...led, 'disk zk5 stall', 'A create /b within 100ms', 'power off zk5',
      'wait until EpochEstablished at zk4 within 20s', 'restart zk5', 'disk zk5 ok', 'wait 3s',
      'A exists /b answers true within 10s',
    ],
    ['end: zk5.state.znodes.size() == 2'],
  ],
  'with one follower, nothing is committed before the disk of the leader goes on': [
    [
      'wait until EpochEstablished at zk3 within 3s', 'A create /a', 'crash zk1', 'A sync within 10s',
      'disk zk3 stall for 2s', 'start A create /b', 'wait 1900ms',
      'wait until TransactionCommitted at zk3 within 200ms', 'wait until A answered',
    ],
    ['end: zk3.state.znodes.size() == 2'],
    3,
  ],
  'a follower acknowledges nothing that its disk has not': [
    [
      'wait until EpochEstablished at zk3 within 3s', 'A create /a', 'crash zk1', 'A sync within 10s',
      'disk zk2 stall for 2s', 'start A create /b', 'wait 1900ms',
      'wait until TransactionCommitted at zk3 within 200ms', 'wait until A answered',
    ],
    ['end: zk2.state.znodes.size() == 2'],
    3,
  ],
  'no leader is established before a majority has the epoch on disk': [
    [
      'disk zk1 stall for 2s', 'disk zk2 stall for 2s', 'wait 1900ms',
      'wait until EpochEstablished at zk3 within 500ms',
    ],
    ['end: zk1.state.currentEpoch == 1'],
    3,
  ],
  'a crash takes an epoch that was not on disk yet, on which no server relies': [
    [
      'disk zk1 stall', 'wait until EpochAccepted at zk1 within 3s', 'crash zk1', 'wait 100ms',
      'restart zk1', 'disk zk1 ok', 'wait until EpochAccepted at zk1 within 10s', 'wait 2s',
    ],
    ['end: zk1.state.acceptedEpoch >= 1'],
    3,
  ],
  'a leader does not serve before its own epoch is on disk': [
    ['disk zk3 stall for 2s', 'wait 1900ms', 'wait until EpochEstablished at zk3 within 500ms'],
    ['end: zk3.state.currentEpoch == 1'],
    3,
  ],
  'no session gets the number of one that was created before a crash': [
    [
      ...led, 'disk zk1 stall', 'crash A', 'restart A', 'A create /b within 100ms', 'crash zk1',
      'disk zk1 ok', 'crash A', 'wait 1s', 'restart zk1', 'restart A', 'wait 3s', 'A create /c',
    ],
    ['end: zk1.state.sessionCount == 1243'],
  ],
};

test.each(Object.entries(stories))('%s', async (_name, [steps, expectations, voters]) => {
  const { code, out } = await run(steps, expectations, voters);
  expect(code, out).toBe(0);
});
