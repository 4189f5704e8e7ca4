/** Scenarios as tuples: the same states and the same verdict as the search of worlds. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type FaultBudget, noFaults, noLimits } from '../../src/explore/budgets.ts';
import { problemOf } from '../../src/explore/search/of-scenario.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import type { Exploration } from '../../src/explore/verdict.ts';
import { everything } from './everything.ts';
import { readFile, readScenario } from './read.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const files = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.scenario.yaml'))
  .sort();

const mixes: readonly Partial<FaultBudget>[] = [
  { crashes: 1, drops: 1 },
  { duplicates: 1, partitions: 1 },
  { crashes: Infinity, duplicates: Infinity, partitions: Infinity },
];

/** What the two designs must agree in. They find a violation of the same length, not the same one. */
function essence(found: Exploration): unknown {
  const { type, states, depth, cut } = found;
  if (found.type === 'violated') return { type, actions: found.trace.actions.length };
  const why = found.type === 'unknown' ? found.why : undefined;
  // Both stopped in the middle of a level, in which they do not go in the same order.
  if (why?.code === 'stopped') return { type, why };
  return { type, why, states, depth, cut: [...cut].sort() };
}

describe('every sample that is one of tuples, three actions deep', () => {
  const folders = [...new Set(files.map((file) => file.split('/')[0]))];
  const counts = { tuples: 0, violated: 0 };

  test.each(folders)('%s', (folder) => {
    for (const [i, file] of files.filter((one) => one.startsWith(`${folder}/`)).entries()) {
      const { scenario } = readFile(`samples/${file}`);
      const setting = { time: 'untimed', faults: { ...noFaults, ...mixes[i % 3] } } as const;
      const limits = { ...noLimits, depth: 3, messages: 8, states: 300 };
      const make = () => problemOf(scenario, setting, { limits, targets: {} });
      const tuples = exploreTuples(make());
      // Of a draw from too many numbers, only the one of the seed is tried: not by the state alone.
      if (tuples === undefined || tuples.cut.includes('draws')) continue;
      counts.tuples++;
      if (tuples.type === 'violated') counts.violated++;
      expect(essence(tuples), file).toEqual(essence(exploreWorlds(make(), 'bfs')));
    }
  }, 60_000);

  test('there were some, and some of them are violated', () => {
    expect(counts.tuples).toBeGreaterThan(90);
    expect(counts.violated).toBeGreaterThan(5);
  });
});

const head = 'title: a test\nprotocol: everything\nnodes: { a: server, b: server }\n';

/** Each uses another part of the language of scenarios. */
const scenarios: Readonly<Record<string, string>> = {
  'steps that wait': 'steps:\n  - a ask\n  - wait 1s\n  - b ask\n',
  'operations at any time': 'steps:\n  - start a ask\n  - start b ask\n',
  'a wait for a condition': 'steps:\n  - wait until a.state.total == 1\n  - start b ask\n',
  'a step after an event': 'steps:\n  - after Total: start a ask\n',
  'a step when a condition holds': 'steps:\n  - when a.state.total > b.state.total: crash a\n',
  'a crash and a restart': 'steps:\n  - crash a\n  - restart a\n',
  'a cut that heals': 'steps:\n  - partition a | b\n  - start a ask\n  - heal\n',
  'a timer': 'steps:\n  - fire a tick\n  - fire a tick\n',
  'a workload': 'steps:\n  - repeat 2 times every 1ms..2ms: a b ask\n',
  never: 'expect:\n  - "never: a.state.total == 4"\n',
  always: 'expect:\n  - "always: a.state.total + b.state.total < 3"\n',
  end: 'steps:\n  - a ask\nexpect:\n  - "end: a.state.total == 0"\n',
  eventually: 'expect:\n  - "eventually: a.state.total == 2"\n',
  'an event': 'expect:\n  - event Total at b\n',
  'no event': 'expect:\n  - no event Total where event.total == 2\n',
  'an end before the last step': 'until: a.state.total == 2\n',
};

describe('the language of scenarios', () => {
  test.each(Object.entries(scenarios))('%s', (_, text) => {
    const steps = text.includes('steps:') ? text : `${text}steps: []\n`;
    const { scenario } = readScenario(`${head}${steps}`, everything);
    for (const faults of [{}, ...mixes]) {
      const setting = { time: 'untimed', faults: { ...noFaults, ...faults } } as const;
      const limits = { ...noLimits, depth: 4, messages: 3, states: 1_500 };
      const make = () => problemOf(scenario, setting, { limits, targets: {} });
      const tuples = exploreTuples(make());
      expect(tuples).toBeDefined();
      expect(essence(tuples!)).toEqual(essence(exploreWorlds(make(), 'bfs')));
    }
  });
});
