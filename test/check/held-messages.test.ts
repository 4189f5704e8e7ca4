/** What reaches a paused process is observed when the process receives it, and not before. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { invariant } from '../../src/protocol/define.ts';
import { zookeeperLock } from '../../src/protocols/zookeeper/zookeeper-lock.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

function requestsSeen(steps: readonly string[]): number[] {
  const times: number[] = [];
  const noted = invariant({
    doc: 'Notes when the server receives a request.',
    check({ acted, message, time }) {
      if (message?.body.type === 'Request') times.push(Math.floor(time / 1_000_000));
      if (message === undefined || acted !== undefined) return undefined;
      return 'A message was received by no node.';
    },
  });
  const text = `protocol: zookeeper-lock
nodes: { zk: server, D: client }
network: { latency: 1ms }
seed: 1
steps:
${steps.map((step) => `  - ${step}\n`).join('')}`;
  const protocol = { ...zookeeperLock, invariants: { noted } };
  const { scenario, problems } = parseScenario(text, 'held', [protocol]);
  expect(problems).toEqual([]);
  const { verdicts } = simulate(scenario!);
  expect(verdicts.filter(({ type }) => type === 'violated')).toEqual([]);
  return times;
}

test('a message to a paused process is observed once, when the process resumes', () => {
  const steps = ['D connect', 'wait until D.state.pending.size() == 0', 'pause zk for 3s', 'start D create /a', 'wait 4s'];
  expect(requestsSeen(steps)).toEqual([0, 3]);
});

test('a message whose connection ends while it waits is never observed', () => {
  const steps = ['D connect', 'pause zk for 3s', 'start D create /a', 'wait 1s', 'reset D - zk', 'wait 200ms', 'crash zk'];
  expect(requestsSeen(steps)).toEqual([0]);
});
