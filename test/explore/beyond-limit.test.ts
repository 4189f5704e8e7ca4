/** Beyond a limit, a search runs no more than shows whether a run ends there. */
import { expect, test } from 'vitest';
import { noFaults, noLimits } from '../../src/explore/budgets.ts';
import { Judge } from '../../src/explore/search/judge.ts';
import { problemOf } from '../../src/explore/search/of-scenario.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { readScenario } from './read.ts';

interface Sending {
  state: { n: number };
  receives: { Do: { n: number } };
  sends: { Do: { n: number } };
  timers: object;
  events: object;
  options: object;
}

test('the first delivery that is followed is enough', () => {
  let handled = 0;
  const sending = defineProtocol({
    name: 'sending', doc: '', source: '', events: {}, invariants: {},
    roles: {
      a: role<Sending>({
        doc: '',
        init: () => ({ n: 0 }),
        start(node) {
          for (let n = 0; n < 6; n++) node.send(node.nodes('b')[0], { type: 'Do', n });
        },
        messages: { Do: () => undefined },
        timers: {},
      }),
      b: role<Sending>({
        doc: '',
        init: () => ({ n: 0 }),
        messages: {
          Do(node, { n }) {
            handled++;
            if (n > 1) node.state.n = n;
          },
        },
        timers: {},
      }),
    },
  }) as unknown as Protocol;
  const text = 'protocol: sending\nnodes: { a: a, b: b }\nnetwork: { latency: 1ms, reorder: true }\n';
  const { scenario } = readScenario(text, sending);
  const setting = { time: 'untimed', faults: noFaults, skipsIdle: true } as const;
  const problem = problemOf(scenario, setting, { limits: noLimits, targets: {} });
  // The run of the scenario, which shows what its promises read.
  handled = 0;
  expect(new Judge(problem).endBeyond(problem.world, noFaults).isCut).toBe(true);
  // Two change nothing, and stay in flight; the third is followed.
  expect(handled).toBe(3);
});
