// States outside --inside are counted, so that a user can take them away as TLC does.
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

const protocol = `import { defineProtocol, role } from 'lockstep';

export default defineProtocol({
  name: 'counting',
  doc: 'Counts.',
  source: 'a test',
  events: {},
  roles: {
    counter: role<any>({
      doc: 'Counts its ticks.',
      init: () => ({ ticks: 0 }),
      start: (node: any) => node.setTimer('tick', 1_000),
      messages: {},
      timers: {
        tick(node: any) {
          node.state.ticks += 1;
          if (node.state.ticks < 5) node.setTimer('tick', 1_000);
        },
      },
    }),
  },
  defaultRole: 'counter',
  invariants: {},
});
`;

const shell = () => new Shell({
  'counting.scenario.yaml': 'protocol: ./counting.ts\nnodes: { a: counter, b: counter }\nuntil: 9s\n',
  'counting.ts': protocol,
});

/** Untimed, six states have a sum of at most 2, and four a sum of 3. Timed, both tick in turn. */
test.each([
  [['--untimed', '--mode', 'bfs'], { states: 10, notInside: 4 }],
  [['--untimed', '--mode', 'dfs'], { states: 10, notInside: 4 }],
  [['--untimed'], { states: 10, notInside: 4 }],
  [['--mode', 'bfs'], { states: 6, notInside: 2 }],
])('%j', async (mode, counts) => {
  const inside = ['explore', 'counting.scenario.yaml', ...mode, '--inside'];
  const sum = 'a.state.ticks + b.state.ticks';
  const json = await shell().run(...inside, `${sum} <= 2`, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ type: 'holds', ...counts });
  const { out } = await shell().run(...inside, `${sum} <= 2`);
  expect(out).toContain(`${counts.notInside} states outside --inside were not explored further`);
  // Both have ticked five times: nothing was left out, but TLC does not count that state.
  const last = await shell().run(...inside, `${sum} < 10`, '--json');
  expect(JSON.parse(last.out)).toMatchObject({ type: 'holds', notInside: 1 });
  const { out: said } = await shell().run(...inside, `${sum} < 10`);
  expect(said).toContain('1 state outside --inside, in which each run ends');
  const all = await shell().run(...inside, 'true', '--json');
  expect(JSON.parse(all.out)).not.toHaveProperty('notInside');
});
