/** Bench of parsing a scenario of 10,000 steps. */
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { type Bench, percentiles } from './bench.ts';

function scenarioOf(steps: number): string {
  const commands = [
    'client put x 1',
    'wait 10ms',
    'crash n1',
    'restart n1',
    'partition n1 | n2 n3',
    'heal',
  ];
  const lines = Array.from(
    { length: steps },
    (_, i) => `  - ${commands[i % commands.length]}   # ${i}`,
  );
  return `protocol: raft\nnodes:\n  n1..n3: replica\n  client: client\nsteps:\n${lines.join('\n')}\n`;
}

const parse: Bench = {
  name: 'parse',
  parameters: { steps: 10_000 },
  about: 'a scenario of 10,000 steps, from text to commands',
  run() {
    const text = scenarioOf(10_000);
    const durations: number[] = [];
    for (let i = 0; i < 12; i++) {
      const began = performance.now();
      const { problems } = parseScenario(text, 'bench.scenario.yaml', library);
      if (problems.length > 0) throw new Error(problems[0].message);
      durations.push(performance.now() - began);
    }
    return { firstMs: Number(durations[0].toFixed(1)), ...percentiles(durations.slice(1)) };
  },
};

export const parseBenches: readonly Bench[] = [parse];
