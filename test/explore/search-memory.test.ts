/** `--max-memory` counts all that grows with a search, and not only the states that were found. */
import { expect, test } from 'vitest';
import { noLimits } from '../../src/explore/budgets.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import { untimed } from './models/search.ts';

/** A node with a state of its own for each action, so that texts of states take the memory. */
const counting = defineProtocol({
  name: 'counting',
  doc: 'Counts.',
  source: 'a test',
  events: {},
  roles: {
    // oxlint-disable-next-line typescript/no-explicit-any -- one role without types
    counter: role<any>({
      doc: 'Counts.',
      init: () => ({ count: 0, text: '' }),
      start: (node) => node.setTimer('tick', 1),
      messages: {},
      timers: {
        tick(node) {
          node.state.count++;
          node.state.text = String(node.state.count).repeat(500);
          node.setTimer('tick', 1);
        },
      },
    }),
  },
  defaultRole: 'counter',
  invariants: {},
});

const bytes = 20_000_000;

function problem(): Problem {
  const network = { latency: [1, 1] as [number, number], loss: 0, duplicate: 0, reorder: true };
  const setup = { protocol: counting, seed: 1, nodes: [{ id: 'a', role: 'counter' }], network };
  return { ...untimed(setup), limits: { ...noLimits, bytes, states: 200_000 } };
}

test.each([
  ['tuples', () => exploreTuples(problem())!],
  ['worlds', () => exploreWorlds(problem(), 'bfs')],
])('%s: the texts of states count', (_, explore) => {
  const found = explore();
  expect(found).toMatchObject({ type: 'unknown', why: { code: 'stopped', at: 'bytes' } });
  // The table of so few states would take a small part of it.
  expect(found.states * 40).toBeLessThan(bytes / 10);
});
