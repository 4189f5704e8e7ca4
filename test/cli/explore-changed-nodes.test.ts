// Invariants that change nodes, or keep them, break in a search as they do in a run.
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

const protocol = (check: string) => `import { defineProtocol, invariant, role } from 'lockstep';
interface Part {
  state: { got: number };
  receives: { Ask: {} };
  sends: { Ask: {} };
  timers: {};
  events: {};
  options: object;
}
const part = role<Part>({
  doc: 'A part.',
  init: () => ({ got: 0 }),
  start(node) {
    for (const other of node.nodes('part')) {
      if (other !== node.id) node.send(other, { type: 'Ask' });
    }
  },
  messages: { Ask: (node) => void node.state.got++ },
  timers: {},
  look: ({ got }) => ({ facts: { got } }),
});
export default defineProtocol({
  name: 'parts', doc: 'A test.', source: 'a test', events: {}, roles: { part }, defaultRole: 'part',
  invariants: {
    one: invariant<any>({
      doc: 'Holds.',
      remember: () => ({ last: null }),
      check({ acted, nodes, memory }: any) {
        if (acted !== undefined) ${check};
        return undefined;
      },
    }),
  },
});
`;

/** A step that names a message needs worlds: what looks states up does not read it. */
const scenario = (step: string) => `protocol: ./parts.ts
nodes: { a, b, c }
network: { reorder: true }
steps:
  - ${step}
`;

const uses: readonly (readonly [string, string])[] = [
  ['memory.last = acted', 'memory.last is an instance of the class'],
  ['memory.last = nodes', 'memory.last[0] is an instance of the class'],
  ['nodes.sort((x: any, y: any) => y.state.got - x.state.got)', 'cannot modify nodes'],
  ['nodes[0] = acted', 'cannot modify nodes[0]:'],
];

test.each(uses)('%s', async (use, why) => {
  const files = { 'parts.ts': protocol(use) };
  for (const step of ['deliver a->b', 'wait 1ms']) {
    const shell = new Shell({ ...files, 'parts.scenario.yaml': scenario(step) });
    const run = await shell.run('run', 'parts.scenario.yaml');
    expect(run).toMatchObject({ code: 1, out: expect.stringContaining(why) });
    const search = await shell.run('explore', '--untimed', '--mode', 'bfs', 'parts.scenario.yaml');
    expect(search.out).toMatch(/^✗ violated: one: /m);
    expect(search).toMatchObject({ code: 1, out: expect.stringContaining(why) });
  }
});
