// A search runs the invariants of a workspace again for whatever they read, and in whatever way.
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

/** `a` receives one message with `x`, and one without. */
const protocol = (check: string) => `import { defineProtocol, role } from 'lockstep';

export default defineProtocol({
  name: 'reading',
  doc: 'Sends two messages.',
  source: 'a test',
  events: {},
  roles: {
    node: role<any>({
      doc: 'Sends when its timer fires.',
      init: () => ({}),
      start: (node: any) => {
        if (node.id === 'b') node.setTimer('go', 1_000);
      },
      messages: { M() {} },
      timers: {
        go(node: any) {
          node.send('a', { type: 'M' });
          node.send('a', { type: 'M', x: 1 });
        },
      },
    }),
  },
  defaultRole: 'node',
  invariants: {
    'No X': { doc: 'No node receives x.', check: ${check} },
  },
});
`;

const checks = {
  'own field of a body': `({ message }: any) =>
    message !== undefined && Object.hasOwn(message.body, 'x') ? 'x' : undefined`,
  'spread of the step': `(seen: any) => ({ ...seen }).message?.body.x === 1 ? 'x' : undefined`,
  'rest of the step': `({ nodes, ...step }: any) => step.message?.body.x === 1 ? 'x' : undefined`,
  'own field of the step': `(seen: any) =>
    Object.hasOwn(seen, 'message') && seen.message?.body.x === 1 ? 'x' : undefined`,
  'fields of the step': `(seen: any) => {
    for (const key in seen) if (key === 'message' && seen[key]?.body.x === 1) return 'x';
    return undefined;
  }`,
};

// Tuples of node states, worlds without some choices, and worlds in time.
const modes = ['--untimed --mode bfs', '--untimed --mode dfs', '--mode bfs'];

test.each(Object.entries(checks))('%s', async (_, check) => {
  for (const mode of modes) {
    const shell = new Shell({
      'reading.scenario.yaml': 'protocol: ./reading.ts\nnodes: { a: node, b: node }\n',
      'reading.ts': protocol(check),
    });
    const { code, out } = await shell.run('explore', 'reading.scenario.yaml', ...mode.split(' '));
    expect(out, mode).toContain('✗ violated: No X: x');
    expect(code).toBe(1);
  }
});
