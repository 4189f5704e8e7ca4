/** Ben-Or's consensus and the two generals: what always holds, what chance gives, what none has. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../../src/check/simulate.ts';
import { benOr } from '../../../src/protocols/ben-or/ben-or.ts';
import type { ParticipantState } from '../../../src/protocols/ben-or/state.ts';
import { library } from '../../../src/protocols/library.ts';
import { twoGenerals } from '../../../src/protocols/two-generals/two-generals.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { expectGolden } from '../../golden.ts';
import { clusterOf, holdsUnderFaults } from '../consensus/harness.ts';
import { nodes, play } from '../consensus/schedule.ts';
import { benOrFamily, generalsFamily, luckyGenerals } from './undecided-families.ts';

const sample = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../samples/${name}.scenario.yaml`, import.meta.url)), 'utf8');

function resultOf(text: string) {
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', library);
  expect(problems).toEqual([]);
  return simulate(scenario!);
}

describe('Ben-Or', () => {
  holdsUnderFaults(benOrFamily, benOr, [{ of: ({ answers }) => answers.size, atLeast: 1 }]);

  test('the scheduler of the sample keeps it undecided as long as it goes on', () => {
    const text = sample('undecided/flp.broken').replace('until: 450ms', 'until: 8s');
    const { world } = resultOf(text);
    for (const { state, up } of world.nodes) {
      const { decided: value, round } = state as unknown as ParticipantState;
      expect({ value, up }).toEqual({ value: null, up: true });
      expect(round).toBeGreaterThan(390);
    }
  });

  test('under the same scheduler, coins end it, each further round with half the chance', () => {
    const text = sample('undecided/flp').replace('until: 450ms', 'until: 3s');
    const ends: number[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      const { world } = resultOf(text.replace('seed: 1', `seed: ${seed}`));
      const states = world.nodes.map(({ state }) => state as unknown as ParticipantState);
      expect(new Set(states.map((one) => one.decided)).size).toBe(1);
      expect(states[0]!.decided).not.toBeNull();
      ends.push(Math.max(...states.map(({ round }) => round)));
    }
    // The first round never decides here, so the shortest run has two or three.
    const mean = ends.reduce((sum, one) => sum + one, 0) / ends.length;
    expect(mean).toBeGreaterThan(2);
    expect(mean).toBeLessThan(5);
  });

  test('three processes in turn', () => {
    const cluster = clusterOf(benOr, nodes('participant', ['p1', 'p2', 'p3'], { tolerates: 1 }));
    for (const [id, value] of [['p1', 0], ['p2', 1], ['p3', 1]]) cluster.do(`${id} propose {"value":${value}}`);
    cluster.untilReply('p1#1');
    expectGolden(import.meta.url, 'ben-or', cluster.lines.join('\n'));
  });

  test('that half of all may crash is refused', () => {
    const cluster = clusterOf(benOr, nodes('participant', ['p1', 'p2'], { tolerates: 1 }));
    expect(cluster.world.nodes.every(({ up }) => !up)).toBe(true);
  });
});

describe('two generals', () => {
  holdsUnderFaults(luckyGenerals, twoGenerals, [{
    of: ({ cluster: { world } }) =>
      world.nodes.filter(({ state }) => (state as { did?: string }).did === 'attack').length,
    atLeast: 1,
  }]);

  test('if messages are lost, one attacks alone in some schedules', () => {
    const seen = Array.from({ length: 40 }, (_, i) =>
      play(generalsFamily, twoGenerals, i + 1).cluster.violations.map(({ monitor }) => monitor)).flat();
    expect([...new Set(seen)]).toEqual(['Both Or Neither']);
  });

  test('the steps of the sample break any number of acknowledgements', () => {
    const broken = sample('two-generals/any-number.broken');
    for (const number of [0, 1, 2, 3, 10, 99, 1_000]) {
      const text = broken.replace('acknowledgements: 25', `acknowledgements: ${number}`);
      const { verdicts } = resultOf(text);
      const violated = verdicts.filter(({ type }) => type === 'violated').map(({ subject }) => subject);
      expect(JSON.stringify(violated), `${number}`).toContain('Both Or Neither');
    }
  });

  test('with two acknowledgements', () => {
    const cluster = clusterOf(twoGenerals, nodes('general', ['A', 'B'], { acknowledgements: 2 }));
    cluster.do('A order {}');
    cluster.run('61s');
    expectGolden(import.meta.url, 'generals', cluster.lines.join('\n'));
  });
});
