/** A protocol whose parts are misspelt, missing or of another kind is refused at their lines. */
import { describe, expect, test } from 'vitest';
import { loadProtocol } from '../../src/code/code.ts';
import type { CodeFault } from '../../src/code/code-fault.ts';

const right = `import { defineProtocol, operation, role } from 'lockstep';
const peer = role<any>({
  doc: 'A peer.',
  options: { rest: { kind: 'integer', default: 1, doc: 'How long.' } },
  init: ({ options }) => ({ count: options.rest, log: [] }),
  durable: ['log'],
  sync: 'manual',
  messages: { Ping() {} },
  timers: { beat() {} },
  background: ['beat'],
  operations: {
    go: operation<any>()({ doc: 'Goes.', parameters: { to: 'node', how: 'string?' }, run() {} }),
  },
  look: () => ({}),
});
export const p = defineProtocol({
  name: 'p',
  doc: 'd',
  source: 's',
  events: { Both: 'Two at once.' },
  defaultRole: 'peer',
  roles: { peer },
  derivedEvents: { Both: { look: () => [] } },
  invariants: { 'all is well': { doc: 'd', check: () => undefined } },
  refuses: () => false,
});
`;

function faultOf(source: string): string {
  try {
    loadProtocol(new Map([['p.ts', source]]), 'p.ts');
    return 'none';
  } catch (error) {
    const { message, line, column } = error as CodeFault;
    return `${line}:${column}: ${message}`;
  }
}

test('what is right is taken', () => {
  expect(faultOf(right)).toBe('none');
});

const cases: readonly [before: string, after: string, fault: string][] = [
  ['messages: {', 'mesages: {', '8:3: role peer: a role has no `mesages`: did you mean `messages`?'],
  ['operations: {', 'opertions: {', '11:3: role peer: a role has no `opertions`: did you mean `operations`?'],
  ['durable:', 'durabel:', '6:3: role peer: a role has no `durabel`: did you mean `durable`?'],
  ['invariants:', 'invariant:', '24:3: a protocol has no `invariant`: did you mean `invariants`?'],
  ['check:', 'chek:', "24:17: the invariant all is well has no `check`"],
  ["name: 'p'", "name: ' '", '17:3: `name` is to be a text, such as that of its file'],
  ["name: 'p'", 'name: 5', '17:3: `name` is to be a text, such as that of its file'],
  ["'Two at once.'", "{ doc: '' }", '20:13: the event Both is to have a text that says what it is'],
  ["{ Both: 'Two at once.' }", "['Both']", '20:3: `events` is to be an object, empty where there are none'],
  ["defaultRole: 'peer'", "defaultRole: 'pear'", '21:3: `defaultRole` names no role: did you mean `peer`?'],
  ['roles: { peer }', 'roles: {}', '22:3: `roles` is to be an object with a role at least: { name: role({ … }) }'],
  ['roles: { peer }', 'roles: [peer]', '22:3: `roles` is to be an object with a role at least: { name: role({ … }) }'],
  ['roles: { peer }', 'roles: { peer: null }', '22:12: role peer: it is no role: write `role({ … })`'],
  ['roles: { peer }', 'roles: { peer: new (class { init() {} })() }', '22:12: role peer: it is made by a class: write `role({ … })`'],
  ['derivedEvents: { Both', 'derivedEvents: { Bothh', '23:20: the derived event Bothh is not in `events`: describe it there'],
  ['derivedEvents: { Both: { look: () => [] } }', 'derivedEvents: []', '23:3: `derivedEvents` must be an object, empty where there are none'],
  ['{ look: () => [] }', '5', '23:20: the derived event Both has no `look`'],
  ['refuses: () => false', 'refuses: false', '25:3: `refuses` is no function'],
  ["['log']", "['lgo']", '6:3: role peer: `durable`: lgo is no field that `init` makes: did you mean `log`?'],
  ["['log']", "'log'", "6:3: role peer: `durable` is to be a list of names, such as ['a', 'b']"],
  ["'manual'", "'sometimes'", "7:3: role peer: `sync` is to be 'always' or 'manual'"],
  ["['beat']", "['beats']", '10:3: role peer: `background`: beats is no timer: did you mean `beat`?'],
  ['look: () => ({}),', 'look: 5,', '14:3: role peer: `look` is no function'],
  ['look: () => ({}),', 'start: 5,', '14:3: role peer: `start` is no function'],
  ['Ping() {}', 'Ping: 5', '8:15: role peer: the handler of Ping is no function'],
  ["'integer'", "'intger'", '4:22: role peer: the option rest: `intger` is no kind: did you mean `integer`?'],
  ['default: 1', "default: 'x'", '4:39: role peer: the `default` of the option rest is to be a whole number'],
  ['derivedEvents: {', 'facts: {', '23:3: `facts` is now called `derivedEvents`: rename it'],
  ["'node'", "'text'", '12:56: role peer: the parameter to of go: `text` is now called `string`: rename it'],
  ["'string?'", "'text?'", '12:68: role peer: the parameter how of go: `text?` is now called `string?`: rename it'],
  ["'node'", "'nod'", '12:56: role peer: the parameter to of go: `nod` is no kind: did you mean `node`?'],
  ["parameters: { to: 'node', how: 'string?' }, ", '', '12:5: role peer: the operation go: `parameters` is missing: an object, empty where there are none'],
  [', run() {}', '', '12:5: role peer: the operation go has no `run`'],
  ['init: ({ options }) => ({ count: options.rest, log: [] }),', '', '2:24: role peer: `init` is missing, which makes the first state'],
  ['timers: { beat() {} },', '', '2:24: role peer: `timers` is missing: an object, empty where there are none'],
];

describe('is refused:', () => {
  test.each(cases)('%s → %s', (before, after, fault) => {
    expect(right).toContain(before);
    const [place, ...words] = fault.split(': ');
    const name = /name: (' '|5)/.test(after) ? 'protocol: ' : 'protocol p: ';
    expect(faultOf(right.replace(before, () => after))).toMatch(
      new RegExp(`^${place}: ${name}${escaped(words.join(': '))}$`),
    );
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
