/** What an invariant sees of the step that was just taken: events, message, operations. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import type { Observation, Protocol } from '../../src/protocol/types.ts';
import { redisLock } from '../../src/protocols/redis/redis-lock.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { Shell } from '../cli/shell.ts';

type Seen = Pick<Observation, 'events' | 'message' | 'invoked' | 'answers'> & { acted?: string };

/** What an invariant of a protocol sees in each step. */
function seenIn(steps: string, of: Protocol, nodes: string) {
  const seen: Seen[] = [];
  const derived: string[] = [];
  const actions: string[] = [];
  const watch = {
    doc: 'Notes what it sees.',
    check({ acted, events, message, invoked, answers }: Observation): undefined {
      seen.push({ ...(acted && { acted: acted.id }), events, message, invoked, answers });
    },
  };
  const protocol = { ...of, invariants: { watch } };
  const text = `protocol: ${of.name}\nnodes: ${nodes}\nsteps:\n${steps}`;
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', [protocol]);
  expect(problems).toEqual([]);
  simulate(scenario!, (_world, action, effects) => {
    actions.push(effects.lost && action?.type === 'deliver' ? 'lost' : (action?.type ?? 'start'));
    for (const { name } of effects.events) if (name === 'LockLost') derived.push(name);
  });
  return { seen, derived, actions };
}

describe('an invariant sees', () => {
  const steps = ['A lock x ttl=100ms', 'pause A', 'wait 300ms', 'B lock x ttl=1s'];
  const { seen, derived } = seenIn(
    steps.map((step) => `  - ${step}\n`).join(''),
    redisLock,
    '{ server: redis, A: worker, B: worker }',
  );

  test('the message that the acting node received', () => {
    const [first] = seen.filter(({ message }) => message !== undefined);
    expect(first.message).toMatchObject({ from: 'A', to: 'server', body: { type: 'Command' } });
    for (const { message, acted } of seen) if (message) expect(message.to).toBe(acted);
  });

  test('the operation that began, and the operation that was answered', () => {
    const [begun] = seen.flatMap(({ invoked }) => invoked ?? []);
    const [answered] = seen.flatMap(({ answers }) => answers);
    const lock = { operation: 'A#1', node: 'A', name: 'lock', args: { key: 'x', ttl: 100_000 } };
    expect(begun).toMatchObject(lock);
    expect(answered).toMatchObject({ ...lock, ok: true, invokedAt: 0 });
  });

  test('the events that nodes reported, without derived ones', () => {
    const names = new Set(seen.flatMap(({ events }) => events.map(({ name }) => name)));
    expect([...names]).toContain('LockAcquired');
    expect([...names]).not.toContain('LockLost');
    expect(derived).toContain('LockLost');
  });

  test('no message in a step that drops, duplicates, delays or loses one', () => {
    const { seen: all, actions } = seenIn(
      '  - fire n1 election\n  - duplicate n1->n2 RequestVote\n' +
        '  - delay n1->n2 RequestVote by 1ms\n  - drop n1->n2 RequestVote\n' +
        '  - fire n3 election\n  - crash n2\n',
      raft,
      '{ n1..n3: replica }',
    );
    const silent = new Set(['drop', 'duplicate', 'delay', 'lost']);
    const messages = actions.flatMap((type, step) =>
      silent.has(type) ? [[type, all[step].message]] : [],
    );
    expect(new Set(messages.map(([type]) => type))).toEqual(silent);
    for (const [, message] of messages) expect(message).toBeUndefined();
  });
});

describe('the template of a new protocol', () => {
  const template = (file: string) =>
    readFileSync(new URL(`../../samples/new-protocol/${file}`, import.meta.url), 'utf8');
  const run = async (change: (code: string) => string) => {
    const files = {
      'lease.ts': change(template('lease.ts')),
      'lease.scenario.yaml': template('lease.scenario.yaml'),
    };
    return new Shell(files).run('run', '--quiet', 'lease.scenario.yaml');
  };

  test('holds', async () => {
    expect(await run((code) => code)).toMatchObject({ code: 0 });
  });

  test.each([
    [
      'work begins with a grant',
      "node.setTimer('retry', milliseconds(100));",
      "node.event('WorkBegun', { ttl: 0 });",
      'B began to work, but it received no grant in that step',
    ],
    [
      'OK means having the lease',
      'ask(node);\n      },\n    }),',
      "node.reply(id, 'OK');\n      },\n    }),",
      'A answered OK, but it does not have the lease',
    ],
  ])('has an invariant that catches a planted fault: %s', async (name, correct, wrong, why) => {
    const { code, out } = await run((text) => {
      expect(text).toContain(correct);
      return text.replace(correct, wrong);
    });
    expect(code, out).toBe(1);
    expect(out).toContain(`✗ ${name}\n    ${why}`);
  });
});
