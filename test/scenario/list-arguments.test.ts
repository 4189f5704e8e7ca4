/** Arguments that are lists: in commands, in the action, in text that is parsed again. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandActions } from '../../src/check/console.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { simulate } from '../../src/check/simulate.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { start } from '../../src/kernel/step.ts';
import { commandText } from '../../src/view/words.ts';
import { parsed } from './values.ts';

const scenario = parsed('').scenario!;
const world = start(scenario.setup, scenarioMonitors(scenario));

function argsOf(command: string): unknown {
  const typed = commandActions(scenario, world, command);
  if (typed.type === 'fault') return `${typed.fault.start}: ${typed.fault.message}`;
  if (typed.type !== 'actions' || typed.actions[0]!.type !== 'invoke') return typed.type;
  return typed.actions[0]!.args;
}

describe('a list', () => {
  test.each<[string, unknown]>([
    ['n1 take []', { strings: [] }],
    ['n1 take [ ]', { strings: [] }],
    ['n1 take [a]', { strings: ['a'] }],
    ['n1 take [a, b,c]', { strings: ['a', 'b', 'c'] }],
    ['n1 take strings=[a, b]', { strings: ['a', 'b'] }],
    [`n1 take ["a, b", 'c]', ""]`, { strings: ['a, b', 'c]', ''] }],
    ["n1 take [it's, b]", { strings: ["it's", 'b'] }],
    ['n1 take [1] [1, x, true, "1"]', { strings: ['1'], values: [1, 'x', true, '1'] }],
    ['n1 take [] integers=[1, -2]', { strings: [], integers: [1, -2] }],
    ['n1 take [] durations=[1s, 5ms]', { strings: [], durations: [1_000_000, 5_000] }],
    ['n1 take [] booleans=[true, no]', { strings: [], booleans: [true, false] }],
    ['n1 take [] nodes=[n1, c]', { strings: [], nodes: ['n1', 'c'] }],
    ['n1 take a', '8: `strings` must be a list, such as `[a, b]`, not `a`'],
    ['n1 take [a, ]', '12: an item of the list `strings` is empty'],
    ['n1 take [, a]', '9: an item of the list `strings` is empty'],
    ['n1 take [] integers=[1, x]', '24: `integers` must be an integer, not `x`'],
    ['n1 take [] nodes=[n1, n9]', '22: there is no node `n9`'],
    ['n1 take [a, b', '8: `strings` must be a list, such as `[a, b]`, not `[a,`'],
  ])('%s', (command, args) => expect(argsOf(command)).toEqual(args));
});

describe('the action', () => {
  const word = fc.oneof(fc.string({ maxLength: 8 }).filter((text) => !/[\n\t\\]/.test(text)), fc.constant('true'));
  const lists = fc.record({
    strings: fc.array(word, { maxLength: 4 }),
    values: fc.array(fc.oneof(word, fc.integer(), fc.boolean()), { maxLength: 4 }),
    durations: fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 3 }),
  });

  test('is the same after its text is parsed, as a trace and as a command', () => {
    fc.assert(
      fc.property(lists, (args) => {
        const action = { type: 'invoke', at: 0, node: 'n1', operation: 'take', args } as const;
        expect(parseAction(actionText(action))).toEqual(action);
        expect(argsOf(commandText(action, world))).toEqual(args);
      }),
      { seed: 1 },
    );
  });

  test('answers a list, which a step may expect', () => {
    const run = (answer: string) => {
      const { scenario: one } = parsed(`steps:\n  - n1 take [a, b] answers ${answer}\n`);
      return simulate(one!).verdicts.map(({ type }) => type);
    };
    expect(run('[a, b]')).toEqual([]);
    expect(run('[a, c]')).toEqual(['violated']);
  });
});
