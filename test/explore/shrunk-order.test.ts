/** A shrunk run holds to the order of links, so that it keeps the fault that the violation needs. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import type { Observation, Protocol } from '../../src/protocol/types.ts';
import { readScenario } from './read.ts';

interface Numbered {
  state: { n: number; last: number };
  receives: { Do: { n: number } };
  sends: { Do: { n: number } };
  timers: { go: void };
  events: object;
  options: object;
}

/** `a` numbers its messages from 1 again after a crash only; `b` throws if a number is that old. */
const numbered = defineProtocol({
  name: 'numbered',
  doc: '',
  source: '',
  events: {},
  roles: {
    a: role<Numbered>({
      doc: '',
      init: () => ({ n: 0, last: 0 }),
      start(node) {
        node.setTimer('go', 10_000);
      },
      messages: { Do: () => undefined },
      timers: {
        go(node) {
          node.state.n++;
          node.send(node.nodes('b')[0], { type: 'Do', n: node.state.n });
          if (node.state.n < 3) node.setTimer('go', 10_000);
        },
      },
    }),
    b: role<Numbered>({
      doc: '',
      init: () => ({ n: 0, last: 0 }),
      messages: {
        Do(node, { n }) {
          if (n <= node.state.last - 2) throw new Error(`stale ${n}`);
          node.state.last = Math.max(n, node.state.last);
        },
      },
      timers: { go: () => undefined },
    }),
  },
  invariants: {},
}) as unknown as Protocol;

function shrunk(network: string, crashes: number, protocol = numbered): string[] {
  const text = `protocol: numbered\nnodes: { a: a, b: b }\nnetwork: { ${network} }\n` +
    'steps:\n  - wait 120ms\n';
  const { scenario } = readScenario(text, protocol);
  const { finding } = walk(scenario, {
    strategies: [{ type: 'random' }], time: 'timed', faults: { ...noFaults, crashes },
    stepsMost: 100, seeds: [1, 3_000],
  });
  return shrink(scenario, finding!)!.actions.map(({ action }) => {
    return action.type === 'deliver' ? `deliver ${action.ordinal}` : action.type;
  });
}

test('the crash that the violation needs is kept, and no message overtakes another', () => {
  const actions = shrunk('latency: 1ms..30ms', 1);
  expect(actions).toContain('crash');
  expect(actions.filter((one) => one.startsWith('deliver'))).toEqual([
    'deliver 1', 'deliver 2', 'deliver 3', 'deliver 4',
  ]);
});

test('where messages get lost, those that are overtaken do not arrive', () => {
  const actions = shrunk('latency: 1ms..30ms, loss: 0.1', 1);
  expect(actions).toContain('crash');
  expect(actions.filter((one) => one.startsWith('deliver'))).toEqual(['deliver 3', 'deliver 4']);
});

test('without a fault, no message overtakes another either', () => {
  const third = {
    ...numbered,
    invariants: {
      'never three': {
        doc: '',
        check: ({ nodes }: Observation<unknown>) => {
          return (nodes[1].state as Numbered['state']).last === 3 ? 'three' : undefined;
        },
      },
    },
  } as Protocol;
  const delivered = (network: string) => shrunk(network, 0, third).filter((one) => {
    return one.startsWith('deliver');
  });
  expect(delivered('latency: 1ms..30ms')).toEqual(['deliver 1', 'deliver 2', 'deliver 3']);
  expect(delivered('latency: 1ms..30ms, reorder: true')).toEqual(['deliver 3']);
});

test('where the network reorders, no crash is needed', () => {
  const actions = shrunk('latency: 1ms..60ms, reorder: true', 1);
  expect(actions).toEqual(['fire', 'fire', 'fire', 'deliver 3', 'deliver 1']);
});
