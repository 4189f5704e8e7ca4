/** Raft on disks that are slow or stand still: an entry counts for a server when it is on its disk. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

const elected = ['fire n1 election', 'wait until LeaderElected at n1', 'client put x 1'];

const stories: Readonly<Record<string, readonly string[]>> = {
  'a leader that stands still commits by the disks of the others, and may lose its own copy': [
    ...elected, 'disk n1 stall for 5s', 'client put y 2', 'crash n1', 'wait 2s', 'restart n1', 'wait 5s',
    'client get y answers 2',
  ],
  'nothing is committed without a majority of disks': [
    ...elected, 'disk n1 stall', 'disk n2 stall', 'start client put y 2', 'wait 3s', 'crash n1',
    'crash n2', 'wait 2s', 'restart n1', 'restart n2', 'disk n1 ok', 'disk n2 ok', 'wait 5s',
    'client put z 3',
  ],
  'a leader goes on with its heartbeats, and commits when its disk has the entry': [
    ...elected, 'partition n3 | n1 n2 client', 'disk n1 stall for 3s', 'start client put y 2',
    'wait 2s', 'wait until client answered within 3s',
  ],
  'slow disks only delay': [
    ...elected, 'disk n1 slow 20ms', 'disk n2 slow 5ms', 'client put y 2', 'client put z 3', 'crash n2',
    'restart n2', 'client get z answers 3',
  ],
};

test.each(Object.entries(stories))('%s', (_name, steps) => {
  for (let seed = 1; seed <= 5; seed++) {
    const lines = steps.map((step) => `  - ${step}\n`).join('');
    const text = `protocol: raft\nnodes: { n1..n3: replica, client: client }\nseed: ${seed}\nsteps:\n${lines}`;
    const { scenario, problems } = parseScenario(text, 'disks', library);
    expect(problems).toEqual([]);
    const { verdicts } = simulate(scenario!);
    const violated = verdicts.filter(({ type }) => type === 'violated').map((one) => verdictReason(one));
    expect(violated, `seed ${seed}`).toEqual([]);
  }
});
