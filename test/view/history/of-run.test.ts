/** The History panel of a session: operations up to the moment, and the conflict at its end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ViewEvent } from '../../../src/view/contract.ts';
import { operationText } from '../../../src/kernel/text/operation-text.ts';
import { historySentence } from '../../../src/check/history/words.ts';
import type { HistoryReason } from '../../../src/scenario/verdict.ts';
import { untilBreakpoint } from '../../../src/session/pursuit.ts';
import { historyOf } from '../../../src/view/history/of-run.ts';
import { Host } from '../../dap/inline-host.ts';
import { sessionOf } from '../../session/sessions.ts';

const samples = join(import.meta.dirname, '../../../samples');
const program = join(samples, 'histories/two-leaders.broken.scenario.yaml');

type Stopped = Extract<ViewEvent, { type: 'stopped' }>;

class HistoryHost extends Host {
  stopAt(isIt: (event: Stopped) => boolean): Promise<Stopped> {
    return this.received(() =>
      this.messages
        .map((message) => message as unknown as { event?: string; body: ViewEvent })
        .flatMap(({ event, body }) =>
          event === 'lockstep/view' && body.type === 'stopped' ? [body] : [],
        )
        .find(isIt),
    );
  }

  async opened(): Promise<this> {
    await this.launch({ panels: true, program });
    await this.ask('lockstep/panel', { type: 'ready', panel: 'history' });
    return this;
  }
}

test('goes to a moment that is not recorded yet, and draws the operations up to it', async () => {
  const host = await new HistoryHost().opened();
  await host.ask('lockstep/panel', { type: 'run to', step: 170 });
  const { moment, views } = await host.stopAt((event) => event.moment.step === 170);
  expect(moment).toMatchObject({ steps: 170, branch: 0 });
  const { operations, verdicts } = views.history!;
  expect(operations[0]).toMatchObject({
    process: 'c1', outcome: 'ok', invokedStep: 117, endedStep: 164,
  });
  expect(operations.at(-1)).toMatchObject({ outcome: 'unknown' });
  expect(operations.every(({ invokedStep }) => invokedStep! <= 170)).toBe(true);
  expect(verdicts).toEqual([]);
  await host.ask('lockstep/panel', { type: 'run to', step: 5 });
  expect(await host.stopAt((event) => event.moment.step === 5)).toMatchObject({
    moment: { steps: 170 }, views: { history: { operations: [] } },
  });
});

test('marks the conflict of a model that the scenario expects, where the run ends', async () => {
  const host = await new HistoryHost().opened();
  await host.ask('lockstep/panel', { type: 'run to', step: 1_000_000 });
  await host.stopAt((event) => event.moment.step > 1_000);
  await host.ask('continue', { threadId: 1 });
  const { views } = await host.stopAt(({ moment }) => moment.stop.type === 'end');
  const { operations, verdicts } = views.history!;
  expect(verdicts).toMatchObject([{ model: 'linearizable', type: 'violated' }]);
  const [verdict] = verdicts;
  if (verdict.type !== 'violated') return;
  const { witness } = verdict;
  expect(witness.operations).toHaveLength(3);
  for (const one of witness.operations) expect(operations[one.index]).toEqual(one);
  expect(witness.blocked).toEqual([witness.operations[2].index]);
  expect(witness.edges).toContainEqual({ from: 0, to: 2, because: 'reads from' });
});

test('durations among the arguments have their units, in the picture and in its sentences', () => {
  const session = sessionOf(`title: A lock for ten seconds
protocol: redis-lock
nodes: { redis: redis, A: worker }
steps:
  - A lock x ttl=10s
  - wait 50ms
`);
  session.run(untilBreakpoint);
  const [operation] = historyOf(session).operations;
  expect(operation!.text).toMatch(/^lock x ttl=10s → /);
  const witnessed = {
    process: 'A', node: 'A', name: 'lock', args: { name: 'x', ttl: 10_000_000 }, outcome: 'ok',
    result: 'OK', invokedStep: 1, endedStep: 2,
  } as const;
  const witness = { type: 'pattern', pattern: 'two hold it', operations: [witnessed], edges: [] } as const;
  const reason = { code: 'history-violates', model: 'locks', witness } as unknown as HistoryReason;
  const { units } = session.moment.wording;
  expect(historySentence(reason, units)).toBe('two hold it: `A lock x 10s → "OK"` (steps 1 to 2)');
});

test('an argument is a duration, although a message has a field of its name in seconds', () => {
  const session = sessionOf(`title: A lock in etcd
protocol: etcd-lock
nodes: { n1..n3: replica, A: worker }
steps:
  - start A lock x ttl=10s
  - wait 50ms
`);
  session.run(untilBreakpoint);
  const [operation] = historyOf(session).operations;
  expect(operation!.text).toMatch(/^lock x ttl=10s\b/);
});

test('writes an operation as other panels do', () => {
  const session = sessionOf(readFileSync(join(samples, 'distributed-locks/fenced-lock.scenario.yaml'), 'utf8'));
  session.run(untilBreakpoint);
  const said = historyOf(session).operations.map(({ text }) => text.replace(/ → .*/, ''));
  const { moment } = session;
  const elsewhere = session.history.map(({ node, name, args }) =>
    operationText({ operation: name, args }, moment.parameters(node, name)));
  expect(said).toEqual(elsewhere);
  expect(said).toContain('write inventory 0');
});
