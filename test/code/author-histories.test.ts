/** `specification`, `noEffect` and `transactions` of a workspace protocol: used, and wrong. */
import { describe, expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

/** A register at a node, of which a test writes what it says of its operations. */
const protocolOf = (own: string, noEffect = '') => `import { defineProtocol, operation, role } from 'lockstep';
interface Server { state: { value: any }; receives: object; sends: object; timers: object; events: object; options: object }
export default defineProtocol({
  name: 'p', doc: 'd', source: 's', events: {}, invariants: {},
${own}
  roles: { r: role<Server>({
    doc: 'r', messages: {}, timers: {}, init: () => ({ value: null }),
    operations: {
      write: operation<Server>()({ doc: 'W.', parameters: { value: 'integer' }, ${noEffect}
        run(node, { value }, id) {
          if (value < 0) return node.fail(id, 'negative');
          node.state.value = value;
          node.reply(id, 'OK');
        } }),
      read: operation<Server>()({ doc: 'R.', parameters: {}, run: (node, _, id) => node.reply(id, node.state.value) }),
      stale: operation<Server>()({ doc: 'S.', parameters: {}, run: (node, _, id) => node.reply(id, 7) }),
    },
  }) },
});
`;

interface Given {
  own: string;
  noEffect?: string;
  steps?: readonly string[];
  model?: string;
}

async function run({ own, noEffect, steps = ['a write 1', 'a read'], model = 'linearizable' }: Given) {
  const printed = { code: 0, out: '' };
  const files: Record<string, string> = {
    'p.ts': protocolOf(own, noEffect),
    's.scenario.yaml': `protocol: ./p.ts\nnodes: { a: r }\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}expect:\n  - history is ${model}\n`,
  };
  const add = async (text: string) => void (printed.out += text);
  printed.code = await lockstep(['run', '-q', 's.scenario.yaml'], {
    read: (file) => {
      const text = files[file.replace(/^\.\//, '')];
      if (text === undefined) throw Object.assign(new Error(file), { code: 'ENOENT' });
      return text;
    },
    version: () => '0', out: add, error: add,
  });
  return printed;
}

/** On line 5 of the file. */
const specification = (parts: string) => `  specification: { doc: 'A register.',\n    ${parts} },`;
const transactions = (parts: string) => `  transactions: { doc: 'Reads and writes.',\n    ${parts} },`;
const right = `init: () => null, step(value, { name, args, outcome, result }) {
      if (name === 'write') return args.value; return outcome === 'unknown' || result === value ? value : undefined; }`;

describe('a specification', () => {
  test('that is right decides', async () => {
    expect((await run({ own: specification(right) })).out).toContain('✓ s.scenario.yaml:7: history is linearizable');
    const wrong = await run({ own: specification(right), steps: ['a write 1', 'a stale'] });
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('✗ s.scenario.yaml:7: history is linearizable') });
  });

  test.each<[string, string, string]>([
    ['no init', 'step: () => null', 'p.ts:5:3: protocol p: the specification has no function `init`'],
    ['no step', 'init: () => null', 'p.ts:5:3: protocol p: the specification has no function `step`'],
    ['a step that is a value', 'init: () => null, step: 3', 'p.ts:5:3: protocol p: the specification has no function `step`'],
    ['a key that is a value', `${right}, key: 'x'`, '`key` is not a function'],
    ['an unknown part', `${right}, steps: 1`, 'a specification has no property `steps`'],
    ['a step that throws', "init: () => null, step() { throw new Error('no such operation') }",
      'the code of the specification failed at p.ts:6:38: no such operation'],
    ['an init that throws', 'init: () => (null as any).x, step: () => null', 'the code of the specification failed at p.ts:6:31'],
    ['a key that throws', `${right}, key: ({ args }) => (args as any).key.name`, 'failed at p.ts:7:'],
    ['an init without a result', 'init() {}, step: () => null',
      'failed at p.ts:6:1: `init` must return the state at the start: write null if there is no value'],
    ['a key that is not a string', `${right}, key: () => 3 as any`,
      '`key` must return a string, not 3: write `String(…)`, or leave `key` out if the object has no parts'],
    ['a step that changes the state', 'init: () => ({ list: [] as number[] }), step(state) { state.list.push(1); return state; }',
      'failed at p.ts:6:70: Cannot add property 0, object is not extensible: states and operations are frozen; return a changed copy'],
    ['a step that returns a function', 'init: () => null, step: (): any => () => 3', 'the result of `step` is'],
    ['a step that returns a part that is not JSON', 'init: () => null, step: (): any => ({ at: new Map() })', 'the result of `step`.at is'],
    ['an init that returns a Map', 'init: (): any => new Map(), step: () => null', 'the result of `init` is'],
    ['a step that reads the process', "init: () => '', step: (_, { process }) => process", '`step` reads the process of an operation: declare `readsProcess: true`'],
    ['an endless loop', 'init: () => null, step() { for (;;); }', 'failed at p.ts:6:'],
    ['an endless recursion', 'init: () => null, step: function again(): any { return again(); }', 'failed at p.ts:6:'],
  ])('with %s is reported where it is', async (_, parts, message) => {
    const { code, out } = await run({ own: specification(parts) });
    expect(out).toContain(message);
    expect([1, 2]).toContain(code);
  });
});

describe('noEffect', () => {
  const steps = ['a write -1 fails', 'a read'];

  test('that says so makes a failure one without effect', async () => {
    const { out } = await run({ own: specification(right), steps, noEffect: 'noEffect: true,' });
    expect(out).toContain('✓ s.scenario.yaml:7');
  });

  test.each<[string, string]>([
    ["noEffect: 'negative' as any,", 'the operation write: `noEffect` must be true, or a function that returns whether a failure had no effect'],
    ['noEffect: false as any,', '`noEffect` must be true, or a function'],
  ])('%s is refused', async (noEffect, message) => {
    const { code, out } = await run({ own: specification(right), steps, noEffect });
    expect([code, out]).toEqual([2, expect.stringMatching(new RegExp(`^p\\.ts:\\d+:\\d+: .*${message.replaceAll(/[`.]/g, '.')}`))]);
  });

  test.each(['noEffect() { throw new Error("x"); },', 'noEffect: (() => "yes") as any,', 'noEffect() { for (;;); },'])(
    '%s leaves the outcome unknown', async (noEffect) => {
      const { out } = await run({ own: specification(right), steps, noEffect });
      expect(out).toContain('✓ s.scenario.yaml:7');
    });
});

describe('transactions', () => {
  const effect = `effect({ name, args, result = null }) {
      if (name === 'write') return [['write', 'x', args.value]];
      return name === 'read' || name === 'stale' ? [['read', 'x', result]] : undefined; }`;

  test('that are declared decide', async () => {
    const model = 'serializable';
    expect((await run({ own: transactions(effect), model })).out).toContain('✓ s.scenario.yaml:7: history is serializable');
    const steps = ['a write 1', 'a stale'];
    expect(await run({ own: transactions(effect), steps, model })).toMatchObject({ code: 1, out: expect.stringContaining('✗') });
  });

  test('from begin to commit are those of a client, with a memory of its own', async () => {
    const own = transactions(`remember: () => ({ count: 0 }), transaction: () => 'T', effect({ name, args }, memory) {
      memory.count++;
      if (memory.count === 1) return 'begin';
      if (memory.count === 4) return 'rollback';
      return name === 'write' ? [['write', 'x', args.value]] : [['read', 'x', 1]]; }`);
    const steps = ['a read', 'a write 1', 'a read', 'a read', 'a read'];
    // The last read saw the write of a transaction that was rolled back.
    expect((await run({ own, steps, model: 'read committed' })).out).toContain('✗ s.scenario.yaml:10: history is read committed');
  });

  test.each<[string, string, string]>([
    ['no effect', '', '`transactions` needs `effect`, a function that returns what an operation reads and writes'],
    ['an unknown part', `${effect}, effects: 1`, '`transactions` has no property `effects`'],
    ['a remember that is a value', `${effect}, remember: 1`, '`remember` is not a function'],
    ['an effect that throws', "effect() { throw new Error('no such operation') }", 'the code of the transactions failed at p.ts:6:22: no such operation'],
    ['an effect that is a word', "effect: (): any => 'abort'",
      "`effect` must return 'begin', 'commit', 'rollback', or a list such as [['read', key, value]], not"],
    ['a wrong part', "effect: (): any => [['reads', 'x', 1]]", "each part of an effect must be ['read', key, value]"],
    ['a part without a value', "effect: (): any => [['read', 'x', undefined]]", 'each part of an effect must be'],
    ['a key that is an object', "effect: (): any => [['read', {}, 1]]", 'with a string or a number as its key'],
    ['a transaction that has no name', `${effect}, transaction: (): any => 3`, '`transaction` must return the name of a transaction, or undefined, not 3'],
    ['a memory that is not plain data', 'remember: () => ({ all: new Map() }), effect: () => []', 'failed at p.ts:6:'],
    ['a change of the operation', 'effect(operation: any) { operation.args.value = 3; return []; }', 'operations are frozen; change `memory`, or a copy'],
    ['an endless loop', 'effect() { for (;;); }', 'failed at p.ts:6:'],
  ])('with %s are reported where it is', async (_, parts, message) => {
    const { code, out } = await run({ own: transactions(parts), model: 'serializable' });
    expect(out).toContain(message);
    expect([1, 2]).toContain(code);
  });

  test('that are not an object are refused', async () => {
    const { out } = await run({ own: '  transactions: 3,', model: 'serializable' });
    expect(out).toContain('p.ts:5:3: protocol p: `transactions` must be { doc, effect }, not 3');
  });
});
