// Round trips: what Lockstep prints in the command language means the same when it is parsed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText } from '../../src/kernel/text/action-text.ts';
import { formatDuration } from '../../src/kernel/text/duration.ts';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { type CommandContext, parseCommand } from '../../src/scenario/commands/command.ts';
import { patternText } from '../../src/scenario/commands/patterns.ts';
import { actionCount, isActing, resolveAction } from '../../src/scenario/commands/resolve.ts';
import { formatRange, parseRange } from '../../src/kernel/text/duration.ts';
import { parseProbability } from '../../src/kernel/text/rate.ts';
import { Language } from '../../src/scenario/conditions/condition.ts';
import { parsePattern } from '../../src/scenario/parse/lines.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

const replicas = ['n1', 'n2', 'n3'];
const ids = [...replicas, 'client'];
const nodes = ids.map((id) => ({ id, role: id === 'client' ? 'client' : 'replica' }));
const context: CommandContext = { protocol: raft, nodes, language: new Language(ids) };

/** A command or a pattern as plain data, its conditions by their text. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, part) => (part?.test ? part.text : part)));
}

const hours = 3_600_000_000;
const span = fc.integer({ min: 0, max: 1000 * hours });
const condition = fc.constantFrom(
  'event.term > 1',
  'event.term > 1 ? n1.up : n2.up',
  'node.id == "n1" || "a: b # c" == node.id',
  'nodes.exists(n, n.state.currentTerm == 2)',
  "{'a': 1}.a == 1",
);

test('a range of durations', () => {
  fc.assert(
    fc.property(fc.tuple(span, span), (bounds) => {
      const range = bounds.sort((a, b) => a - b) as [number, number];
      expect(parseRange(formatRange(range))).toEqual(range);
    }),
  );
});

test('a probability, whatever JavaScript prints it as', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
      expect(parseProbability(String(probability))).toBe(Math.abs(probability));
    }),
    { examples: [[1e-7], [0.07], [Number.MIN_VALUE]] },
  );
});

test('an event pattern', () => {
  const pattern = fc
    .tuple(
      fc.constantFrom(...Object.keys(raft.events)),
      fc.option(fc.constantFrom(...ids)),
      fc.option(condition),
    )
    .map(([name, node, where]) => {
      return `${name}${node ? ` at ${node}` : ''}${where ? ` where ${where}` : ''}`;
    });
  fc.assert(
    fc.property(pattern, (text) => {
      const parsed = parsePattern(text, 0, context);
      if ('fault' in parsed) throw new Error(parsed.fault.message);
      expect(patternText(parsed.event)).toBe(text);
    }),
  );
});

const node = fc.constantFrom(...replicas);
const link = fc.tuple(node, node).filter(([from, to]) => from !== to);
const value = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('true', 'null', 'word', '"a=b"', '"two words"', "'# not a comment'", '"a: b"'),
);
const message = fc.constantFrom('n1->n2', 'n1 -> n2 [RequestVote]', '* -> n3', 'RequestVote');
const duration = span.map(formatDuration);
const percent = fc.integer({ min: 0, max: 100 }).map((share) => `${share}%`);

const command = fc.oneof(
  fc.tuple(value, value).map(([key, written]) => `client put ${key} value=${written}`),
  value.map((key) => `start client get ${key} within 5s`),
  value.map((key) => `client get x answers ${key}`),
  fc.tuple(fc.constantFrom('crash', 'restart', 'resume', 'pause'), node).map((w) => w.join(' ')),
  fc.tuple(node, duration).map(([id, time]) => `pause ${id} client for ${time}`),
  fc.tuple(node, duration).map(([id, time]) => `partition ${id} | the others for ${time}`),
  fc.tuple(link, duration).map(([[from, to], time]) => `cut ${from} -> ${to} for ${time}`),
  link.map(([from, to]) => `heal ${from}->${to}`),
  fc.tuple(node, duration).map(([id, time]) => `clock ${id} offset -${time} jump +${time}`),
  fc.tuple(duration, percent, node).map(([time, share, id]) => {
    return `network delay=${time} duplicate=${share} reorder=true on ${id} -> *`;
  }),
  fc.tuple(fc.constantFrom('drop', 'duplicate', 'deliver'), message).map((w) => w.join(' ')),
  fc.tuple(message, duration).map(([which, time]) => `delay ${which} by ${time}`),
  node.map((id) => `fire ${id} election`),
  duration.map((time) => `wait ${time}`),
  condition.map((where) => `wait until LeaderElected at n1 where ${where} within 2s`),
  fc.constantFrom('heal', 'wait until client answered', 'at 2s: crash n1'),
  condition.map((where) => `after TermChanged where ${where}: crash n1`),
);

test('a step, as plain YAML, in quotes, folded, and with a comment', () => {
  const source = (line: string) =>
    `protocol: raft\nnodes: { n1..n3: replica, client: client }\nsteps:\n  - ${line}\n`;
  fc.assert(
    fc.property(command, (text) => {
      const expected = parseCommand(text, context);
      if ('fault' in expected) throw new Error(`${text}: ${expected.fault.message}`);
      const folded = `>-\n      ${text.replace(' ', '\n      ')}`;
      const quoted = `'${text.replaceAll("'", "''")}'`;
      for (const line of [text, quoted, folded, `${text}   # why`, `>-\n      ${text}  # why`]) {
        const { scenario, problems } = parseScenario(source(line), 'x', library);
        // Plain YAML gives some characters another meaning, and says so.
        if (scenario === undefined && line.startsWith(text)) continue;
        expect(problems, line).toEqual([]);
        expect(plain(parseCommand(scenario!.steps[0].text, context)), line).toEqual(
          plain(expected),
        );
      }
    }),
    { numRuns: 300 },
  );
});

/** A world with messages in flight, timers set, and one node of each kind of trouble. */
function busyWorld() {
  const world = start({ protocol: raft, seed: 1, nodes, network: defaultNetwork });
  step(world, { type: 'fire', at: 0, node: 'n1', timer: 'election', key: '' });
  step(world, { type: 'crash', at: 0, node: 'n3' });
  return world;
}

test('an action of a command, except for operations, which are printed as JSON', () => {
  const world = busyWorld();
  const actionsOf = (text: string): Action[] => {
    const parsed = parseCommand(text, context);
    if ('fault' in parsed) throw new Error(`${text}: ${parsed.fault.message}`);
    if (!isActing(parsed.command)) return [];
    const actions: Action[] = [];
    for (let taken = 0; taken < actionCount(parsed.command); taken++) {
      const resolved = resolveAction(parsed.command, taken, world);
      if (resolved.type === 'action') actions.push(resolved.action);
    }
    return actions;
  };
  const printed = new Set<Action['type']>();
  fc.assert(
    fc.property(command, (text) => {
      for (const action of actionsOf(text)) {
        if (action.type === 'invoke') continue;
        printed.add(action.type);
        expect(actionsOf(actionText(action))).toEqual([action]);
      }
    }),
    { numRuns: 1_000, seed: 1 },
  );
  expect([...printed].sort()).toEqual([
    ...['crash', 'cut', 'delay', 'deliver', 'drop', 'duplicate', 'fire', 'heal', 'network'],
    ...['partition', 'pause', 'restart', 'skew'],
  ]);
});
