/** The folder of a workspace, known beforehand: protocols may import from above their scenario. */
import { expect, test } from 'vitest';
import { LockstepDebugSession } from '../../src/dap/session.ts';

const files: Record<string, string> = {
  '/w/protocols/a.scenario.yaml': 'protocol: ./a.ts\nnodes: { n: one }\n',
  '/w/protocols/a.ts': `import { defineProtocol } from 'lockstep';
import { events } from '../shared/events.ts';
export default defineProtocol({
  name: 'a', doc: '', source: '', events, invariants: {},
  roles: { one: { doc: '', init: () => ({}), messages: {}, timers: {} } },
});
`,
  '/w/shared/events.ts': "export const events = { Shared: 'It is known from the start.' };\n",
};

async function filters(workspace?: string): Promise<string[]> {
  const session = new LockstepDebugSession({
    trusted: true,
    readFile: async (file) => {
      if (files[file] === undefined) throw new Error(`there is no ${file}`);
      return files[file];
    },
    scenario: '/w/protocols/a.scenario.yaml',
    ...(workspace === undefined ? {} : { workspace }),
  });
  const { exceptionBreakpointFilters = [] } = await session.begin({});
  return exceptionBreakpointFilters.map(({ filter }) => filter);
}

test('its events are exception filters from the first response on', async () => {
  expect(await filters('/w')).toContain('event:Shared');
});

test('without it, nothing above the scenario is read', async () => {
  expect(await filters()).not.toContain('event:Shared');
});
