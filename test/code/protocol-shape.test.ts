/** A protocol with a part that is misspelt, missing or of the wrong type is refused at its line. */
import { expect, test } from 'vitest';
import { loadProtocol } from '../../src/code/code.ts';
import { CodeFault } from '../../src/code/code-fault.ts';
import { expectGolden } from '../golden.ts';

const right = `import { defineProtocol, operation, role } from 'lockstep';
const peer = role<any>({
  doc: 'A peer.',
  options: { rest: { kind: 'integer', default: 1, doc: 'How long.' } },
  init: ({ options }) => ({ count: options.rest, log: [] }),
  durable: ['log'],
  sync: 'manual', alike: true,
  messages: { Ping() {} },
  timers: { beat() {} },
  background: ['beat'], ticking: ['beat'],
  operations: {
    go: operation<any>()({ doc: 'Goes.', parameters: { to: 'node', how: 'string?' }, run() {} }),
  },
  look: () => ({}), lookDocs: { x: 'X.' }, standings: { up: { doc: 'U', to: { away: 'rest' } }, away: { doc: 'A' } },
  summary: { messages: { Ping: () => 'p' }, events: { Both: () => 'b' } },
});
export const p = defineProtocol({
  name: 'p',
  doc: 'd',
  source: 's',
  events: { Both: 'Two at once.' },
  defaultRole: 'peer',
  roles: { peer },
  derivedEvents: { Both: { look: () => [], summary: () => 'two' } },
  units: { ttl: 'seconds' },
  invariants: { 'all is well': { doc: 'd', check: () => undefined } },
  refuses: () => false,
  isHeartbeat: () => false,
});
`;

/** Each replaces the first text by the second in the protocol above. */
const changes: readonly [before: string, after: string][] = [
  ['messages: {', 'mesages: {'],
  ['operations: {', 'opertions: {'],
  ['durable:', 'durabel:'],
  ['invariants:', 'invariant:'],
  ['check:', 'chek:'],
  ["name: 'p'", "name: ' '"],
  ["name: 'p'", 'name: 5'],
  ["  name: 'p',\n", ''],
  ["'Two at once.'", "{ doc: '' }"],
  ["{ Both: 'Two at once.' }", "['Both']"],
  ["defaultRole: 'peer'", "defaultRole: 'pear'"],
  ["defaultRole: 'peer'", "defaultRole: 'candidate'"],
  ['roles: { peer }', 'roles: {}'],
  ['roles: { peer }', 'roles: [peer]'],
  ['roles: { peer }', 'roles: { peer: null }'],
  ['roles: { peer }', 'roles: { peer: new (class { init() {} })() }'],
  ['derivedEvents: { Both', 'derivedEvents: { Bothh'],
  ['derivedEvents: { Both: { look: () => [], summary: () => \'two\' } }', 'derivedEvents: []'],
  ['derivedEvents: {', 'facts: {'],
  ["'node'", "'text'"],
  ["'string?'", "'text?'"],
  ["{ look: () => [], summary: () => 'two' }", '5'],
  ['refuses: () => false', 'refuses: false'],
  ['isHeartbeat: () => false', 'isHeartbeat: true'],
  ["['log']", "['lgo']"],
  ["['log']", "'log'"],
  ["'manual'", "'sometimes'"],
  ["['beat']", "['beats']"],
  ['look: () => ({}),', 'look: 5,'],
  ["lookDocs: { x: 'X.' }", "lookDocs: ['X']"],
  ["lookDocs: { x: 'X.' }", "lookDocs: { x: '' }"],
  ["standings: { up: { doc: 'U', to: { away: 'rest' } }, away: { doc: 'A' } }", "standings: ['up']"],
  ["standings: { up: { doc: 'U', to: { away: 'rest' } }, away: { doc: 'A' } }", 'standings: {}'],
  ["away: { doc: 'A' }", "away: 'A'"],
  ["away: { doc: 'A' }", 'away: {}'],
  ["away: { doc: 'A' }", "away: { doc: 'A', too: {} }"],
  ["away: { doc: 'A' }", "away: { doc: 'A', boots: 'yes' }"],
  ["to: { away: 'rest' }", "to: 'away'"],
  ["to: { away: 'rest' }", "to: { awy: 'rest' }, boots: true"],
  ["to: { away: 'rest' }", 'to: { away: 5 }'],
  [", to: { away: 'rest' }", ''],
  ["{ Ping: () => 'p' }", '5'],
  ["{ Ping: () => 'p' }", '{ Pin: () => 5 }'],
  ["{ Ping: () => 'p' }", '{ Ping: 5 }'],
  ["{ Both: () => 'b' }", '{ Bth: () => 5 }'],
  ['summary: { messages:', 'summary: { mesages:'],
  ["summary: { messages: { Ping: () => 'p' }, events: { Both: () => 'b' } }", 'summary: 5'],
  ["summary: () => 'two'", 'summary: 5'],
  ["units: { ttl: 'seconds' }", 'units: 5'],
  ["'seconds'", "'second'"],
  ['look: () => ({}),', 'start: 5,'],
  ['Ping() {}', 'Ping: 5'],
  ["'integer'", "'intger'"],
  ["kind: 'integer', ", ''],
  ['default: 1', "default: 'x'"],
  ['default: 1, ', ''],
  ['default: 1, ', "default: 1, below: 'rest', "],
  ["kind: 'integer', default: 1, ", "kind: 'duration', default: 1, below: 'night', "],
  ['default: 1, ', 'default: 1, unit: 1, '],
  ["kind: 'integer', default: 1, ", "kind: 'duration', default: 1, unit: 0, "],
  ["kind: 'integer', default: 1, ", "kind: 'duration', default: 1, unit: 2, "],
  ["kind: 'integer', default: 1, ", "kind: 'duration', default: 1, below: 'rest', times: 0, "],
  ['default: 1, ', 'default: 1, min: 2, '],
  ['default: 1, ', 'default: 1, max: 0, '],
  ["'node'", "'nod'"],
  ["parameters: { to: 'node', how: 'string?' }, ", ''],
  [', run() {}', ''],
  ['init: ({ options }) => ({ count: options.rest, log: [] }),', ''],
  ['timers: { beat() {} },', ''],
  // One mistake has one message, however many parts depend on it.
  ['timers: {', 'timer: {'],
  ['init:', 'inti:'],
  ['events:', 'evnts:'],
  ['roles:', 'rolse:'],
  ["name: 'p'", "nmae: 'p'"],
  ['parameters:', 'parametrs:'],
  ["kind: 'integer'", "knd: 'integer'"],
  ['default: 1', 'defalt: 1'],
  ['alike: true', "alike: 'yes'"],
];

function faultOf(source: string): string {
  try {
    loadProtocol(new Map([['p.ts', source]]), 'p.ts');
    return 'none';
  } catch (error) {
    if (!(error instanceof CodeFault)) throw error;
    const faults = error.all.map(
      ({ code, message, line, column }) => `p.ts:${line}:${column}: ${code}: ${message}`,
    );
    return faults.join('\n  ');
  }
}

test('a protocol with all parts is accepted', () => {
  expect(faultOf(right)).toBe('none');
});

test('each wrong part has a message at its line', () => {
  const faults = changes.map(([before, after]) => {
    expect(right).toContain(before);
    const change = `${before.trim()} → ${after.trim() || '(removed)'}`;
    return `${change}\n  ${faultOf(right.replace(before, () => after))}\n`;
  });
  expectGolden(import.meta.url, 'protocol-shape', faults.join('\n'));
});

test('several wrong parts are reported at once', () => {
  const source = right
    .replace("sync: 'manual'", "sync: 'sometimes'")
    .replace("'string?'", "'text?'")
    .replace("name: 'p'", 'name: 5')
    .replace('refuses: () => false', 'refuses: false');
  expect(faultOf(source).split('\n').map((line) => /p\.ts:(\d+)/.exec(line)![1]).toSorted()).toEqual([
    '12', '18', '27', '7',
  ]);
});
