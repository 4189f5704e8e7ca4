/** The root of a protocol: given, or the folder above the scenario that a project marks as its root. */
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

async function filters(root?: string, marker?: string): Promise<string[]> {
  const session = new LockstepDebugSession({
    trusted: true,
    readFile: async (file) => {
      if (file === marker) return '';
      if (files[file] === undefined) throw new Error(`there is no ${file}`);
      return files[file];
    },
    scenario: '/w/protocols/a.scenario.yaml',
    ...(root === undefined ? {} : { root }),
  });
  const { exceptionBreakpointFilters = [] } = await session.begin({});
  return exceptionBreakpointFilters.map(({ filter }) => filter);
}

test('the given root contains the imports: events are filters from the first response on', async () => {
  expect(await filters('/w')).toContain('event:Shared');
});

test.each(['/w/tsconfig.json', '/package.json', '/w/.git/HEAD', '/w/.git'])(
  'the folder of %s contains them, too',
  async (marker) => {
    expect(await filters(undefined, marker)).toContain('event:Shared');
  },
);

test('without both, or with a nearer one, nothing above the scenario is read', async () => {
  expect(await filters()).not.toContain('event:Shared');
  expect(await filters(undefined, '/w/protocols/package.json')).not.toContain('event:Shared');
  expect(await filters('/w/protocols', '/w/package.json')).not.toContain('event:Shared');
});
