// A run goes on while messages lead to messages, although no event is reported.
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

const ring = `import { defineProtocol, role } from 'lockstep';

interface Member {
  state: { laps: number };
  receives: { Token: { hops: number } };
  sends: { Token: { hops: number } };
  timers: { beat: void };
  events: object;
  options: object;
}

const member = role<Member>({
  doc: 'Hands a token on, nine times in all, and beats for ever.',
  init: () => ({ laps: 0 }),
  background: ['beat'],
  start(node) {
    node.setTimer('beat', 3_000);
    if (node.id === 'm1') node.send('m2', { type: 'Token', hops: 1 });
  },
  messages: {
    Token(node, { hops }) {
      node.state.laps += 1;
      if (hops === 9) return;
      node.send(node.id === 'm1' ? 'm2' : node.id === 'm2' ? 'm3' : 'm1', { type: 'Token', hops: hops + 1 });
    },
  },
  timers: { beat: (node) => node.setTimer('beat', 3_000) },
});

export default defineProtocol({
  name: 'ring', doc: 'A token in a ring.', source: 'a test', events: {}, roles: { member },
  defaultRole: 'member', invariants: {},
});
`;

const scenario = `protocol: ./ring.ts
nodes: { m1..m3: member }
steps: []
expect:
  - end: m1.state.laps + m2.state.laps + m3.state.laps == 9
`;

const shell = () => new Shell({ 'ring.ts': ring, 'ring.scenario.yaml': scenario });

test('a run ends after the last of them, and not at its limit', async () => {
  const run = await shell().run('run', 'ring.scenario.yaml');
  expect(run.out).toContain('✓ ring.scenario.yaml');
  expect(run.code).toBe(0);
  const [, seconds] = /, ([\d.]+)s of virtual time/.exec(run.out)!;
  expect(Number(seconds)).toBeLessThan(1);
});

test('a search does not judge the end before', async () => {
  const explored = await shell().run('explore', '--mode', 'bfs', 'ring.scenario.yaml', '--max-states', '2000');
  expect(explored.out).not.toContain('violated');
  expect(explored.code).not.toBe(1);
});
