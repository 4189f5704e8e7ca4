// A failed line of `expect` shows times with their units, whichever command says so.
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

const protocol = `import { defineProtocol, role } from 'lockstep';

export default defineProtocol({
  name: 'waiting',
  doc: 'Waits.',
  source: 'a test',
  events: {},
  roles: {
    waiter: role<any>({
      doc: 'Knows how long it waits.',
      init: () => ({ patience: 5_000, count: 7 }),
      messages: {},
      timers: {},
    }),
  },
  defaultRole: 'waiter',
  units: { patience: 'microseconds' },
  invariants: {},
});
`;

const scenario = `protocol: ./waiting.ts
nodes: { x: waiter }
steps:
  - wait 1ms
expect:
  - end: x.state.patience == 10000
  - end: x.state.count == 10000
`;

test.each([
  ['run', []], ['run', ['--json']], ['run', ['--seeds', '1..1']], ['test', []],
  ['explore', ['--mode', 'bfs']], ['explore', ['--mode', 'bfs', '--save', 'found']],
])('%s %j', async (command, options) => {
  const shell = new Shell({ 'w.scenario.yaml': scenario, 'waiting.ts': protocol });
  const { code, out } = await shell.run(command, 'w.scenario.yaml', ...options);
  expect(code).toBe(1);
  expect(out).toContain('`5ms == 10ms`');
  // A count has no unit.
  if (command === 'run') expect(out).toContain('`7 == 10000`');
  for (const saved of Object.keys(shell.files).filter((name) => name.startsWith('found/'))) {
    expect(shell.files[saved]).toContain('`5ms == 10ms`');
  }
});
