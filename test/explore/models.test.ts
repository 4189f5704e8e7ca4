/** Models whose numbers of states are published: the explorer finds exactly these. */
import { expect, test } from 'vitest';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import { staying, untimed } from './models/search.ts';
import { abd, paxos, singleCopy, twoPhase } from './models/setups.ts';

test.each([[3, 288], [5, 8_832]])(
  'two-phase commit with %i resource managers has the states that TLC finds: %i',
  (resources, states) => {
    const found = exploreWorlds(untimed(twoPhase(resources), { faults: staying }), 'bfs');
    expect(found).toMatchObject({ type: 'holds', states, cut: [] });
  },
);

test.each([1, 2, 3, 4])('messages that are consumed: 8ⁿ + 4ⁿ + 2ⁿ states, n = %i', (n) => {
  const states = 8 ** n + 4 ** n + 2 ** n;
  const problem = untimed(twoPhase(n));
  expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'holds', states });
  expect(exploreWorlds(problem, 'dfs')).toMatchObject({ type: 'holds', states });
});

test("Stateright's single-copy register, two clients and one server: 93", () => {
  const problem = untimed(singleCopy(1, 2), { skipsIdle: true });
  expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'holds', states: 93 });
});

test("Stateright's ABD register, two clients and two servers: 544", () => {
  const problem = untimed(abd(2, 2), { skipsIdle: true });
  expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'holds', states: 544 });
});

test("Stateright's Paxos, two clients and three servers: 16,668", () => {
  const problem = untimed(paxos(3, 2), { skipsIdle: true });
  expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'holds', states: 16_668 });
});
