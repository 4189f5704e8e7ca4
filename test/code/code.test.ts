/** Protocols loaded from source: their lines and columns, and the places of what they throw. */
import { describe, expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { codeLines } from '../../src/code/call-stack.ts';
import { loadBuiltIn } from '../../src/code/code.ts';
import { strip } from '../../src/code/transform/strip.ts';
import { parsed } from '../../src/code/transform/syntax.ts';
import { placeInCode } from '../../src/session/breakpoints/placement.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import { framesOf } from '../../src/session/read/stack.ts';
import { breakpoint, codeOf, sessionOn } from '../session/sessions.ts';

const source = `import { defineProtocol, role } from '../protocol/define.ts';
import type { RoleTypes } from '../protocol/types.ts';

interface Peer extends RoleTypes {
  state: { count: number };
}

function fail(count: number): never {
  throw new Error(\`no more than \${count}\`);
}

export const ping = defineProtocol({
  name: 'ping',
  doc: 'One says ping.',
  source: 'a test',
  events: {},
  defaultRole: 'peer',
  roles: {
    peer: role<Peer & { receives: { Ping: object }; sends: { Ping: object } }>({
      doc: 'A peer.',
      init: () => ({ count: 0 }),
      messages: {
        Ping(node, message, from) {
          node.state.count++;
          if (node.state.count > 1) fail(1);
          node.send(from, { type: 'Ping' });
        },
      },
      timers: {},
      operations: {
        ping: {
          doc: 'Sends a ping.',
          parameters: { to: 'node' },
          run(node, { to }) {
            node.send(to as string, { type: 'Ping' });
          },
        },
      },
    }),
  },
  invariants: {},
});
`;

const scenario = `
title: Ping
protocol: ping
nodes: { a: peer, b: peer }
steps:
  - start a ping b
`;

describe('a handler that throws', () => {
  test('stops at the line that threw; the stack leads to the handler and what sent its message', () => {
    const session = sessionOn(source, 'ping', scenario);
    session.setBreakpoints([breakpoint({ type: 'thrown' })]);
    const stop = session.run(untilBreakpoint);
    expect(stop).toMatchObject({ type: 'exception', reason: { node: 'b', message: 'no more than 1' } });
    const frames = framesOf(session, undefined, 20).map(({ name, place }) => {
      const line = place?.in === 'protocol' ? place.line : place?.range.line;
      return `${name.replace(/ · [\d.]+ [mµ]?s/, '')}${line ? ` : ${line}` : ''}`;
    });
    expect(frames).toEqual([
      'fail : 9',
      'Ping · a → b · Lamport 5 : 25',
      '— sent by —',
      'Ping · b → a · Lamport 4 : 26',
      '— sent by —',
      'Ping · a → b · Lamport 3 : 26',
      '— sent by —',
      'ping · a · Lamport 2 : 35',
      'start a ping b : 6',
    ]);
  });
});

describe('the sources of the protocols', () => {
  test('can be loaded, for each protocol of the library', () => {
    for (const protocol of library) {
      const code = codeOf(protocol);
      expect(code.whyNoLines).toBeUndefined();
      expect(code.protocol).not.toBe(protocol);
      expect(Object.keys(code.protocol.roles)).toEqual(Object.keys(protocol.roles));
    }
  });
});

describe('the code of a protocol', () => {
  const code = codeOf(raft);

  test('has the place of each handler in its source', () => {
    for (const [name, role] of Object.entries(code.protocol.roles)) {
      for (const [type, handler] of Object.entries(role.messages)) {
        const place = code.variants!.functionOf(handler);
        expect(place, `${name}.${type}`).toBeDefined();
        const line = code.files.get(place!.file)!.split('\n')[place!.line - 1];
        expect(line).toContain(type);
      }
    }
  });

  test('names a file or a protocol that is missing', () => {
    const files = new Map([['x.ts', "import { y } from './missing/y.ts';\nexport const x = y;\n"]]);
    expect(() => loadBuiltIn(files, 'x.ts', 'x')).toThrow('imports missing/y.ts, which does not exist');
    const empty = new Map([['x.ts', 'export const x = 1;\n']]);
    expect(() => loadBuiltIn(empty, 'x.ts', 'x')).toThrow('exports no protocol named x');
  });

  test('places breakpoints at statements, and moves others to the next statement', () => {
    const session = sessionOn(source, 'ping', scenario);
    const placed = (line: number, column?: number) => {
      const found = placeInCode(session.code, 'ping.ts', line, column);
      if ('problem' in found) return found.problem;
      return `${found.line}${found.moved ? ' moved' : ''}`;
    };
    expect([23, 24, 25, 26, 27, 9, 1].map((line) => placed(line))).toEqual([
      '24 moved',
      '24',
      '25',
      '26',
      '35 moved',
      '9',
      '9 moved',
    ]);
    expect(placed(25, 36)).toBe('25');
    expect(placed(45)).toEqual({ type: 'no statement' });
  });
});

describe('a call stack', () => {
  test('is read in the formats of two engines', () => {
    const v8 =
      '    at Object.Ping [as run] (lockstep:/protocols/ping.ts:24:11)\n    at step (x.js:1:2)';
    expect(codeLines(v8)).toEqual([{ function: 'Ping', file: 'ping.ts', line: 24, column: 11 }]);
    const other = 'becomeLeader@lockstep:/protocols/raft.ts:7:3\n@lockstep:/protocols/raft.ts:8:3';
    expect(codeLines(other)).toEqual([
      { function: 'becomeLeader', file: 'raft.ts', line: 7, column: 3 },
      { function: 'function', file: 'raft.ts', line: 8, column: 3 },
    ]);
  });
});

test('protocols that share a file share its stripped code and its tree; another text is not it', () => {
  const once = strip('shared/a.ts', 'export const a: number = 1;\n');
  const again = strip('shared/a.ts', `export const a: ${'number'} = 1;\n`);
  expect(again).toBe(once);
  expect(parsed(again)).toBe(parsed(once));
  expect(strip('shared/b.ts', 'export const a: number = 1;\n')).not.toBe(once);
  expect(strip('shared/a.ts', 'export const a: number = 2;\n').code).toContain('a = 2');
});
