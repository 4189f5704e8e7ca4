// What `lockstep explore` finds of any kind is saved, and the saved file alone shows it again.
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

const base = `protocol: paxos
nodes: { p1: proposer, a1..a2: acceptor }
steps:
  - start p1 propose red
`;

/** Throws dice, whose sum must not reach seven. */
const dice = `import { defineProtocol, role } from 'lockstep';

interface Die {
  state: { sum: number; rolls: number };
  receives: { Rolled: { number: number } };
  sends: { Rolled: { number: number } };
  timers: { roll: void };
  events: { Threw: { number: number } };
  options: object;
}

const die = role<Die>({
  doc: 'Throws a die, and tells the others.',
  init: () => ({ sum: 0, rolls: 0 }),
  start: (node) => node.setTimer('roll', 1_000),
  messages: {
    Rolled(node, { number }) {
      node.state.sum += number;
    },
  },
  timers: {
    roll(node) {
      if (node.state.rolls++ === 2) return;
      const number = node.random(5);
      node.event('Threw', { number });
      for (const peer of node.peers) node.send(peer, { type: 'Rolled', number });
      node.setTimer('roll', 1_000);
    },
  },
});

export default defineProtocol({
  name: 'dice',
  doc: 'Throws dice.',
  source: 'a test',
  events: { Threw: 'A die was thrown.' },
  roles: { die },
  defaultRole: 'die',
  invariants: {
    'No Eight': {
      doc: 'The sum is below eight.',
      check: ({ nodes }) => (nodes.some((one) => one.state.sum === 8) ? 'eight' : undefined),
    },
  },
});
`;

const files = {
  'plain.scenario.yaml': base,
  'event.scenario.yaml': `${base}expect:\n  - event LearnedNothing at p1\n`
    .replace('LearnedNothing', 'ValueChosen'),
  'eventually.scenario.yaml': `${base}expect:\n  - eventually: a1.state.maxBal == 77\n`,
  'end.scenario.yaml': `${base}expect:\n  - end: a1.state.maxBal == 77\n`,
  'never.scenario.yaml': `${base}expect:\n  - never: a1.state.maxBal != null\n`,
  'step.scenario.yaml': `${base}  - wait until a1.state.maxBal == 77 within 1s\n`,
  'until.scenario.yaml': `${base}until: a1.state.maxBal == 77\n`,
  'dice.ts': dice,
  'dice.scenario.yaml': 'protocol: ./dice.ts\nnodes: { x: die, y: die }\nuntil: 10ms\n',
};

interface Found {
  readonly type: string;
  readonly subject: { readonly kind: string };
  readonly saved?: string;
  readonly states: number;
}

async function explored(name: string, ...options: string[]) {
  const shell = new Shell({ ...files });
  const found = await shell.run(
    'explore', `${name}.scenario.yaml`, ...options, '--save', 'found', '--json',
  );
  expect(found).toMatchObject({ code: 1, error: '' });
  const json = JSON.parse(found.out) as Found;
  expect(json.type).toBe('violated');
  const text = shell.files[json.saved!];
  // Alone: only the protocol's file is beside it.
  const alone = new Shell({ [json.saved!]: text, 'dice.ts': dice });
  const ran = await alone.run('run', '--quiet', json.saved!);
  expect(ran.code).toBe(1);
  const tested = await alone.run('test', json.saved!);
  expect(tested.code).toBe(1);
  return { json, text, ran: ran.out };
}

const bfs = ['--mode', 'bfs'];

test.each([
  ['never', 'never: a1.state.maxBal != null', [...bfs, '--untimed']],
  ['never', 'never: a1.state.maxBal != null', ['--mode', 'random']],
  ['event', 'event ValueChosen at p1', [...bfs]],
  ['eventually', 'eventually: a1.state.maxBal == 77', [...bfs]],
  ['end', 'end: a1.state.maxBal == 77', [...bfs]],
  ['step', 'wait until a1.state.maxBal == 77 within 1s', [...bfs]],
  ['until', 'until', [...bfs]],
])('%s: %s', async (name, promise, options) => {
  const { text, ran } = await explored(name, '--max-depth', '30', ...options);
  const shown = promise === 'until' ? 'the run ended before this happened' : promise;
  expect(ran).toContain(shown);
  // What must happen is missing at the end of a whole run, and not because nothing happens in it.
  if (name !== 'never') expect(text.match(/^ {2}- deliver /gm)).toHaveLength(8);
});

test.each([[...bfs, '--untimed'], ['--mode', 'random'], ['--mode', 'pct', '--untimed']])(
  'a state that was searched for: %s %s %s',
  async (...options) => {
    const { json, text, ran } = await explored('plain', '--reach', 'a1.state.maxBal != null', ...options);
    expect(json.subject).toEqual({ kind: 'reach', text: 'a1.state.maxBal != null' });
    expect(text).toContain('  - deliver p1->a1 Phase1a\n');
    expect(text).toContain('never: "a1.state.maxBal != null"');
    expect(ran).toContain('✗ found/');
  },
);

test.each([[...bfs, '--untimed'], ['--mode', 'random'], ['--mode', 'delay', '--untimed']])(
  'what is not reached once faults stop: %s %s %s',
  async (...options) => {
    const { json, text, ran } = await explored('plain', '--leads-to', '!p1.up,2s', ...options);
    expect(json.subject).toEqual({ kind: 'leads to', text: '!p1.up' });
    expect(text).toContain('  - network latency=1ms..5ms ');
    expect(text).toContain('wait until !p1.up within 2s');
    expect(ran).toContain('`!p1.up` did not hold within 2s');
  },
);

test('a walk leads on to what is reached', async () => {
  const shell = new Shell({ ...files });
  const options = ['--mode', 'random', '--seeds', '1..20', '--faults', 'crashes=1,drops=2'];
  const reached = await shell.run(
    'explore', 'plain.scenario.yaml', ...options, '--leads-to', 'a1.up && a2.up,1s',
  );
  expect(reached.code).toBe(3);
});

test('faults of a walk happen only to the nodes that --on names', async () => {
  const options = ['--mode', 'random', '--faults', 'crashes=1', '--reach', '!a2.up'];
  const { text } = await explored('plain', ...options, '--on', 'a2');
  expect(text).toContain('- crash a2\n');
  const other = await new Shell({ ...files }).run(
    'explore', 'plain.scenario.yaml', ...options, '--on', 'a1', '--seeds', '1..50',
  );
  expect(other.code).toBe(3);
});

test('numbers that a search chose: a seed that draws them is saved', async () => {
  const { text, ran } = await explored('dice', ...bfs, '--untimed');
  expect(ran).toContain('✗ No Eight');
  expect(Number(/^seed: (\d+)$/m.exec(text)![1])).toBeGreaterThan(0);
});
