/** Text that is parsed again loses nothing: durations, moments, rates, and every kind of action. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action, NetworkRule } from '../../src/kernel/action.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import {
  formatDuration,
  formatTime,
  formatRange,
  parseDuration,
  parseTime,
  parseRange,
} from '../../src/kernel/text/duration.ts';
import {
  formatDrift,
  formatProbability,
  parseDrift,
  parseProbability,
} from '../../src/kernel/text/rate.ts';
import { parseTraceLine, traceLine } from '../../src/kernel/text/trace.ts';
import type { Json } from '../../src/protocol/types.ts';
import { parseCommand } from '../../src/scenario/commands/command.ts';
import { Language } from '../../src/scenario/conditions/condition.ts';
import type { Command } from '../../src/scenario/scenario.ts';
import { lease, leaseSetup } from './lease.ts';
import { seeds } from './schedules.ts';

const holds = <T>(values: Arbitrary<T>, check: (value: T) => void) =>
  fc.assert(
    fc.property(values, (value) => void check(value)),
    { numRuns: seeds * 5, seed: 1 },
  );

/** -0 prints as 0, and nothing tells the two apart as a duration or a rate. */
const positiveZero = (value: number) => value + 0;
const short = fc.integer({ min: 0, max: 400_000_000 });
const span = fc.oneof(short, fc.maxSafeNat());
const signed = fc.oneof(fc.integer(), fc.maxSafeInteger());
const probability = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  fc.double({ min: 0, max: 1, noNaN: true }).map(positiveZero),
);
const drift = fc.oneof(
  fc.integer({ min: -999_999, max: 10_000_000 }).map((ppm) => positiveZero(ppm / 1e6)),
  fc.double({ min: -1, minExcluded: true, max: 10, noNaN: true }).map(positiveZero),
);
const ends = fc.tuple(span, span).map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a]));

describe('the forms that are parsed again', () => {
  test('durations', () => {
    holds(signed, (micros) => expect(parseDuration(formatDuration(micros))).toBe(micros));
  });

  test('ranges', () => {
    holds(ends, (range) => expect(parseRange(formatRange(range))).toEqual(range));
  });

  test('moments', () => {
    holds(span, (time) => expect(parseTime(formatTime(time))).toBe(time));
  });

  test('probabilities, which are written as people write them', () => {
    expect([0.07, 0.29, 0.5, 1, 0, 1e-7].map(formatProbability)).toEqual([
      '7%',
      '29%',
      '50%',
      '100%',
      '0%',
      '0.00001%',
    ]);
    holds(probability, (value) => expect(parseProbability(formatProbability(value))).toBe(value));
  });

  test('drifts, which are written as people write them', () => {
    expect([0.0002, -0.001, 0.5, 0, 1e-9].map(formatDrift)).toEqual([
      '+200ppm',
      '-1000ppm',
      '+500000ppm',
      '+0ppm',
      '+0.001ppm',
    ]);
    holds(drift, (value) => expect(parseDrift(formatDrift(value))).toBe(value));
  });

  test('nothing that no number can hold exactly is read as one', () => {
    for (const text of ['9007199254740992us', '99999999h', '1e3s', 's', '-', '1.s']) {
      expect(parseDuration(text)).toBeUndefined();
    }
    expect(parseTime('9007199255.000000s')).toBeUndefined();
    expect(parseDuration('-0s')).toBe(0);
  });
});

const nodes = ['server', 'A', 'B'];
const node = fc.constantFrom(...nodes);
const some = fc.shuffledSubarray(nodes, { minLength: 1 });
const name = fc.record({
  from: node,
  to: node,
  ordinal: fc.integer({ min: 1, max: 2 ** 40 }),
  copy: fc.oneof(fc.constant(0), fc.nat(20)),
});
/** JSON, and the infinite numbers that the command language reads as values. */
const json: Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, false, -0, Infinity, -Infinity, 1e21, 5e-324, '} on waking'),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const args = fc.dictionary(fc.string(), json, { maxKeys: 3 });
const key = fc.oneof(
  fc.constantFrom('', 'n2', 'order42', 'a b', '"', ']', '[x]', ' (step 3)', 'a\nb', '# no', '->'),
  fc.string({ unit: 'binary' }),
);
const atMostAnHour = fc.integer({ min: -3_600_000_000, max: 3_600_000_000 });
const delay = fc.integer({ min: 0, max: 3_600_000_000 });
const optional = <Shape extends object>(shape: { [Field in keyof Shape]: Arbitrary<Shape[Field]> }) =>
  fc.record(shape, { requiredKeys: [] }) as unknown as Arbitrary<Partial<Shape>>;
const lasting = optional({ for: delay });
const rule = fc
  .tuple(
    optional({
      latency: ends,
      delay,
      loss: probability,
      duplicate: probability,
      reorder: fc.boolean(),
    }).filter((settings) => Object.keys(settings).length > 0),
    optional({ from: some, to: some }),
  )
  .map(([settings, links]): NetworkRule => ({ ...settings, ...links }));
const skew = optional({ offset: atMostAnHour, jump: atMostAnHour, drift }).filter(
  (change) => Object.keys(change).length > 0,
);
/** Two groups with no node in common. */
const groups = fc
  .tuple(fc.shuffledSubarray(nodes, { minLength: 2 }), fc.integer({ min: 1, max: 2 }))
  .map(([picked, at]) => [picked.slice(0, at), picked.slice(at)])
  .filter(([, second]) => second.length > 0);

const at = 0;
/** A node whose role has durable fields. */
const stores = fc.constant('server');
/** By kind, so that a new kind of action needs an entry. */
const kinds: { [Type in Action['type']]: Arbitrary<Extract<Action, { type: Type }>> } = {
  deliver: name.map((message) => ({ type: 'deliver', at, ...message })),
  drop: name.map((message) => ({ type: 'drop', at, ...message })),
  duplicate: name.map((message) => ({ type: 'duplicate', at, ...message })),
  delay: fc.tuple(name, delay).map(([message, by]) => ({ type: 'delay', at, ...message, by })),
  fire: fc.record({
    type: fc.constant('fire'),
    at: fc.constant(at),
    node: fc.constantFrom('server'),
    timer: fc.constant('expiry'),
    key,
  }),
  invoke: fc
    .record({ node, operation: fc.constantFrom('lease', 'babble'), args, woken: fc.boolean() })
    .map(({ woken, ...rest }) => ({
      type: 'invoke',
      at,
      ...rest,
      ...(woken && { woken: true as const }),
    })),
  crash: node.map((id) => ({ type: 'crash', at, node: id })),
  add: fc.constantFrom('C', 'n6').map((id) => ({ type: 'add', at, node: id, role: 'worker' })),
  restart: node.map((id) => ({ type: 'restart', at, node: id })),
  pause: fc.tuple(node, lasting).map(([id, time]) => ({ type: 'pause', at, node: id, ...time })),
  resume: node.map((id) => ({ type: 'resume', at, node: id })),
  partition: fc
    .tuple(groups, lasting)
    .map(([sides, time]) => ({ type: 'partition', at, groups: sides, ...time })),
  cut: fc
    .tuple(some, some, lasting)
    .map(([from, to, time]) => ({ type: 'cut', at, from, to, ...time })),
  heal: fc.oneof(
    fc.constant({ type: 'heal' as const, at }),
    fc.tuple(some, some).map(([from, to]) => ({ type: 'heal' as const, at, from, to })),
  ),
  'power-off': fc
    .tuple(node, lasting)
    .map(([id, time]) => ({ type: 'power-off', at, node: id, ...time })),
  unplug: fc.tuple(node, lasting).map(([id, time]) => ({ type: 'unplug', at, node: id, ...time })),
  'plug-in': node.map((id) => ({ type: 'plug-in', at, node: id })),
  reset: fc.constant({ type: 'reset', at, nodes: ['A', 'server'] }),
  retransmit: node.map((id) => ({ type: 'retransmit', at, node: id, connection: `${id}-server:1` })),
  probe: node.map((id) => ({ type: 'probe', at, node: id, connection: `server-${id}:12` })),
  disk: fc.oneof(
    fc
      .tuple(stores, delay)
      .map(([id, by]) => ({ type: 'disk', at, node: id, does: 'slow', by }) as const),
    fc
      .tuple(stores, lasting)
      .map(([id, time]) => ({ type: 'disk', at, node: id, does: 'stall', ...time }) as const),
    stores.map((id) => ({ type: 'disk', at, node: id, does: 'ok' }) as const),
  ),
  synced: stores.map((id) => ({ type: 'synced', at, node: id })),
  skew: fc.tuple(node, skew).map(([id, change]) => ({ type: 'skew', at, node: id, ...change })),
  network: rule.map((one) => ({ type: 'network', at, rule: one })),
};

const language = new Language(nodes);
/** A reset needs roles that have connections. */
const connected = { ...lease, connections: [['worker', 'server']] as const };
const context = (type: string) => ({ protocol: type === 'reset' ? connected : lease, nodes: leaseSetup().nodes, language });

/** The command of the scenario language that stands for an action; operations are written apart. */
function commandOf(action: Exclude<Action, { type: 'invoke' }>): Command {
  switch (action.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
    case 'delay': {
      const { type, from, to, ordinal, copy } = action;
      const exact = { from, to, ordinal, copy };
      return { type, which: { exact }, ...(type === 'delay' && { by: action.by }) };
    }
    case 'fire':
      return { type: 'fire', node: action.node, timer: action.timer, key: action.key };
    case 'add':
      return { type: 'add', node: action.node, role: action.role };
    case 'crash':
    case 'restart':
    case 'resume':
      return { type: action.type, nodes: [action.node] };
    case 'power-off':
    case 'unplug':
      return { type: action.type, nodes: [action.node], ...lastingOf(action) };
    case 'plug-in':
      return { type: action.type, nodes: [action.node] };
    case 'reset':
      return { type: 'reset', between: action.nodes };
    case 'retransmit':
    case 'probe':
      return { type: action.type, node: action.node, connection: action.connection };
    case 'pause':
      return { type: 'pause', nodes: [action.node], ...lastingOf(action) };
    case 'partition': {
      const sides = action.groups.map((group) => ({ nodes: group, others: false }));
      return { type: 'partition', groups: sides, ...lastingOf(action) };
    }
    case 'cut':
      return { type: 'cut', from: action.from, to: action.to, ...lastingOf(action) };
    case 'heal':
      return action.from ? { type: 'heal', from: action.from, to: action.to } : { type: 'heal' };
    case 'disk':
    case 'synced': {
      const { at: _at, ...command } = action;
      return command;
    }
    case 'skew': {
      const { type: _type, at: _at, ...clock } = action;
      return { type: 'clock', ...clock };
    }
    case 'network': {
      const { from, to, ...settings } = action.rule;
      const links = { ...(from && { from }), ...(to && { to }) };
      return { type: 'network', rule: settings, ...links };
    }
  }
}

/** Whether it concerns only a node and itself: `deliver` is the only command that can. */
function isOfOneNode(action: Action): boolean {
  if (action.type === 'deliver') return false;
  const { from, to } = action.type === 'network' ? action.rule : (action as NetworkRule);
  const [sender, receiver] = [from, to].map((side) => side?.toString());
  return sender !== undefined && sender === receiver && !sender.includes(',');
}

const lastingOf = (action: { for?: number }) =>
  action.for === undefined ? {} : { for: action.for };

describe.each(Object.entries(kinds))('an action of type %s', (type, actions) => {
  test('is the same after its text is parsed, alone and as a line of a trace', () => {
    holds(fc.tuple(actions as Arbitrary<Action>, span, fc.option(fc.nat(99))), ([action, time, step]) => {
      expect(parseAction(actionText(action))).toEqual(action);
      const timed = { ...action, at: time, ...(step !== null && { step }) };
      expect(traceLine(timed)).not.toContain('\n');
      expect(parseTraceLine(traceLine(timed))).toEqual(timed);
    });
  });

  if (type === 'invoke') return;
  test('is read by the command language as the same', () => {
    const commands = (actions as Arbitrary<Exclude<Action, { type: 'invoke' }>>).filter(
      (action) => !isOfOneNode(action),
    );
    holds(commands, (action) => {
      expect(parseCommand(actionText(action), context(type))).toEqual({ command: commandOf(action) });
    });
  });
});

test('garbage is not an action', () => {
  const lines = [
    'clock A drift +x',
    'clock A offset soon',
    'clock A drift -1000000ppm',
    'clock A',
    'network loss=200%',
    'network loss=',
    'network latency=5ms..1ms',
    'network delay=-1ms',
    'network reorder=perhaps',
    'network reorder=true on A',
    'delay A->server#1 by -5ms',
    'delay A->server#1',
    'drop A->server#99999999999999999999',
    'partition A',
    'cut A ->',
    'heal A -> *',
    'pause A for ever',
    'pause A B',
    'fire server expiry["x]',
    'fire server',
    'A lease {"tag":}',
    `A lease {"tag":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
    'sing',
    '',
  ];
  for (const line of lines) expect(parseAction(line), line).toBeUndefined();
});
