/** The verdict names the nodes that are alike, or says why none are. */
import { expect, test } from 'vitest';
import { optionNames } from '../../../src/cli/explore/words.ts';
import { symmetryText } from '../../../src/cli/explore/symmetry-words.ts';
import type { NoSymmetry } from '../../../src/explore/verdict.ts';

test('nodes as a scenario names them', () => {
  const textOf = (...alike: string[][]) => symmetryText({ alike }, optionNames);
  expect(textOf(['rm1', 'rm2', 'rm3'])).toBe('symmetry: rm1..rm3 are alike');
  expect(textOf(['a', 'b'], ['n1', 'n3', 'n4']))
    .toBe('symmetry: a and b are alike; symmetry: n1, n3 and n4 are alike');
});

test.each<[NoSymmetry, string]>([
  [{ code: 'timed' }, 'latencies and timers are drawn for each of them (--untimed)'],
  [{ code: 'draws' }, 'the losses of links are drawn for each of them'],
  [{ code: 'leads-to' }, '--leads-to follows the one run that the seed draws'],
  [{ code: 'connections' }, 'the protocol has connections'],
  [{ code: 'history' }, 'a history of operations is judged, which has an order'],
  [{ code: 'named' }, 'the scenario or the search names them, or they have different options'],
  [
    { code: 'choosing-step', text: 'crash the leader' },
    'a step draws or adds nodes, or takes the first that fits: crash the leader',
  ],
  [
    { code: 'told-apart', names: ['n1', 'n2'], where: 'Vote' },
    'Vote has another effect if n1 and n2 change places; compare names for equality only, and ' +
      'keep a set of them as the keys of an object',
  ],
])('why there is none: %o', (none, text) => {
  expect(symmetryText({ none }, optionNames)).toBe(`no symmetry: ${text}`);
});
