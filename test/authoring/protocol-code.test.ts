/** The code of a protocol of the workspace: what of the language it may use, and what it is told. */
import { describe, expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

interface Parts {
  readonly top?: string;
  readonly init?: string;
  readonly ping?: string;
  readonly more?: string;
  readonly invariant?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const protocolOf = ({
  top = '',
  init = '({ count: 0 })',
  ping = '',
  more = '',
  invariant = '',
}: Parts) =>
  `import { defineProtocol, role } from 'lockstep';
${top}
export default defineProtocol({
  name: 'p', doc: 'd', source: 's', events: { Seen: 'Seen.' }, defaultRole: 'r',
  invariants: { ${invariant} },
  roles: { r: role<any>({
    doc: 'r', timers: {}, ${more}
    init: () => ${init},
    messages: {
      Ping(node: any, message: any, from: string) {
        ${ping}
      },
    },
    operations: { go: { doc: 'Go.', parameters: {}, run(node: any, _: any, op: string) {
      for (const to of node.peers) node.send(to, { type: 'Ping', n: 1 });
      node.reply(op, 'ok');
    } } },
  }) },
});
`;

const scenario = (steps: string) =>
  `protocol: ./p.ts\nnodes: { a: r, b: r }\nnetwork: { latency: 1ms }\nsteps:\n${steps}  - wait 9ms\n`;

/** What the command line says of the scenario in which `a` sends Ping to `b`, twice. */
async function said(parts: Parts, command = 'run', steps = '  - a go\n  - a go\n') {
  const files: Readonly<Record<string, string>> = {
    's.scenario.yaml': scenario(steps),
    'p.ts': protocolOf(parts),
    ...parts.files,
  };
  let text = '';
  const write = async (words: string) => void (text += words);
  const read = (file: string) => {
    const found = files[file.replace(/^\.\//, '')];
    if (found === undefined) throw Object.assign(new Error(file), { code: 'ENOENT' });
    return found;
  };
  await lockstep([command, 's.scenario.yaml'], { read, version: () => '', out: write, error: write });
  return text;
}

/** What the run reports as seen. */
async function seen(parts: Parts): Promise<string[]> {
  const text = await said(parts);
  const found = [...text.matchAll(/b Seen (.*?)(?: {2}\||$)/gm)].map(([, fields]) => fields);
  if (found.length === 0) throw new Error(text);
  return found;
}

const see = (value: string) => `node.event('Seen', { x: ${value} });`;

describe('an import', () => {
  const files = { 'm.ts': 'export const b = 2;\nexport default () => 1;\n' };

  test.each([
    ['of a namespace', "import * as m from './m.ts';", 'm.default() + m.b', '3'],
    ['of a default', "import one from './m.ts';", 'one()', '1'],
    ['of both', "import one, { b as two } from './m.ts';", 'one() + two', '3'],
    ['of itself', "import * as me from './p.ts';", 'Object.keys(me).length', '1'],
    ['of what only types name', "import type { X } from './none.ts';", '7', '7'],
  ])('%s', async (_, top, value, expected) => {
    expect(await seen({ top, ping: see(value), files })).toEqual([`x ${expected}`, `x ${expected}`]);
  });

  test('of what another file hands on', async () => {
    const all = {
      ...files,
      'all.ts': "export * from './m.ts';\nexport * as whole from './m.ts';\n" +
        "export { default as one } from './m.ts';\nexport type { T } from './t.ts';\n",
    };
    const top = "import { b, whole, one } from './all.ts';";
    const ping = see('b + whole.b + one()');
    expect(await seen({ top, ping, files: all })).toEqual(['x 5', 'x 5']);
  });

  test('in a circle is used when all has run', async () => {
    const x = "import { k } from './p.ts';\nexport function f() { return k + 1; }\n";
    const top = "import { f } from './x.ts';\nexport const k = 3;";
    expect(await seen({ top, ping: see('f()'), files: { 'x.ts': x } })).toEqual(['x 4', 'x 4']);
    const early = x.replace('function f() { return k + 1; }', 'const f = () => j;\nconst j = k;');
    expect(await said({ top, ping: see('f()'), files: { 'x.ts': early } })).toBe(
      'x.ts:3:11: `k` is not there yet: p.ts imports this file, which therefore runs first. ' +
        'Use it inside a function, or declare it here\n',
    );
  });

  test('in a comment or a text is none', async () => {
    const top = '// unlike require("fs"), safe\nconst doc = "no require(\'fs\') here";';
    expect(await seen({ top, ping: see('doc.length') })).toEqual(['x 21', 'x 21']);
  });

  const may = "a protocol imports 'lockstep' and files beside it, such as './messages.ts'";
  test.each([
    ["import {\n  b,\n  zz,\n} from './m.ts';", 'b + zz', '4:3: m.ts does not export `zz`: it exports b'],
    ["import m from './n.ts';", 'm', "2:15: n.ts has no default export: it exports n"],
    ["import { T } from './n.ts';\nexport { T };", '1', ''],
    ["import c from './c.json';", 'c', "2:15: './c.json' cannot be imported: write what it holds as a constant of a file c.ts"],
    ["import { a } from './a.mts';", 'a', "2:19: './a.mts' cannot be imported: a protocol is made of files that end in .ts"],
    ["import { a } from './a.js';", 'a', "2:19: there is no file a.ts, which './a.js' stands for"],
    ["import { a } from './lib';", 'a', "2:19: there is no file lib.ts: an import names a file and no folder, such as './lib/index.ts'"],
    ["import a from 'https://x.org/a';", 'a', `2:15: 'https://x.org/a' cannot be imported: ${may}`],
    ["// './x.ts' is not meant\nimport { x } from './x.ts';", 'x', '3:19: there is no file x.ts'],
    ["const lazy = () => import('./m.ts');", 'lazy', '2:17: import at the top of the file instead'],
  ])('%s', async (top, value, expected) => {
    const all = { ...files, 'n.ts': 'export const n = 1;\nexport interface T {}\n' };
    const text = await said({ top, ping: see(value), files: all }, 'check');
    expect(text).toBe(expected === '' ? 's.scenario.yaml: 3 steps, 0 expectations\n' : `p.ts:${expected}\n`);
  });
});

describe('what a module declares', () => {
  test('may be an enum, here or elsewhere', async () => {
    const files = { 'e.ts': "export enum Far { A = 'a' }\nexport const enum Near { B = 4 }\n" };
    const top = "import { Far, Near } from './e.ts';\nenum Own { X, Y = 5 }\nconst enum C { Z = 1 }";
    const ping = see('[Own.Y, Own[0], C.Z, Far.A, Near.B].join()');
    expect(await seen({ top, ping, files })).toEqual(['x 5,X,1,a,4', 'x 5,X,1,a,4']);
  });

  test.each([
    ['let n = 0;', '2:1: a module keeps no `let`'],
    ['var n = 0;', '2:1: a module keeps no `var`'],
    ['export let n = 0;', '2:8: a module keeps no `let`'],
    ['enum E { A }\nvar F;', '3:1: a module keeps no `var`'],
    ['namespace N { export const x = 5; }', '2:1: a namespace is not read here'],
    ['// namespace N {\nnamespace N { export interface X { a: 1 } }', ''],
    ['const d = (x: any) => x;\n@d class X {}', '3:1: decorators are not read here: write plain functions'],
    ['const exports = 1;', '2:1: `exports` is a name of every module\'s own: choose another'],
    ['const f = () => { for await (const x of []); };', '2:23: a handler does not wait'],
    ['function f() {\n  await g();\n}', '3:3: a handler does not wait'],
    ['function f() {\n  return await (g);\n}', '3:10: a handler does not wait'],
  ])('%s', async (top, expected) => {
    const text = await said({ top }, 'check');
    expect(text).toContain(expected === '' ? '3 steps' : `p.ts:${expected}`);
  });

  test('never changes, and no getter of it runs', async () => {
    const throws = (top: string, code: string) => said({ top, ping: code });
    const getter = 'export const lazy = { get now(): number { throw new Error("not asked"); } };';
    expect(await throws(getter, '')).toContain('deliver a->b');
    const reason = 'what a module declares and what was sent never changes; change node.state, or a copy';
    const statics = 'class Ids { static n = 0; static next() { return ++Ids.n; } }';
    expect(await throws(statics, 'Ids.next();')).toContain(
      `b threw: Cannot assign to read only property 'n' of Ids: ${reason}`,
    );
    const property = 'function next(): number { return ((next as any).n = 1); }';
    expect(await throws(property, 'next();')).toContain(
      `b threw: Cannot add property n, object is not extensible: ${reason}`,
    );
    expect(await throws('enum E { A }', '(E as any).A = 2;')).toContain("b threw: Cannot assign to");
    const inMap = 'const m = new Map([["a", { n: 0 }]]);\nconst again = m;';
    expect(await throws(inMap, 'm.get("a")!.n++;')).toContain('b threw: Cannot assign');
    expect(await throws(inMap, 'm.set("b", { n: 1 });')).toContain('b threw: a module keeps no state');
  });

  test('may be a word of the language, which stays as it is', async () => {
    const top = 'const { keys } = Object;\nconst list = Array;\nconst json = JSON;\nconst never = Date;';
    expect(await seen({ top, ping: see('keys({ a: list.of(json) }).length') })).toHaveLength(2);
    expect(Object.isFrozen(Array) || Object.isFrozen(JSON)).toBe(false);
  });

  test('may be a pattern that remembers where it stopped, for the time of one handler', async () => {
    const top = 'const all = /a/g;';
    const ping = see('[all.test("aa"), all.lastIndex, "aaa".replace(all, "b"), all.test("a")].join()');
    expect(await seen({ top, ping })).toEqual(['x true,1,bbb,true', 'x true,1,bbb,true']);
  });

  test('is not asked to copy by what only some hosts have', async () => {
    const ping = 'structuredClone({});';
    expect(await said({ ping })).toContain(
      'there is no structuredClone in a protocol: copy plain data by { ...value }, or wholly by',
    );
  });
});

describe('a state', () => {
  const tail = 'a state is plain data, so that moments can be kept and shown';

  test.each([
    ['({ votes: new Set() })', `node.state.votes is a Set: ${tail}; write a list or an object`],
    ['({ log: [{ at: new Map() }] })', `node.state.log[0].at is a Map: ${tail}`],
    ['({ f: () => 1 })', `node.state.f is a function: ${tail}; functions belong into the module`],
    ['({ big: 1n })', `node.state.big is a bigint: ${tail}; write a number or a text`],
    ['({ e: new Error() })', `node.state.e is an Error: ${tail}; write its message`],
    ['({ "a b": /x/ })', `node.state["a b"] is a RegExp: ${tail}`],
    ['({ c: new (class C {})() })', `node.state.c is an object of the class C: ${tail}`],
    ['(Object.freeze({ s: Object.freeze([new Set()]) }))', `node.state.s[0] is a Set: ${tail}`],
    ['undefined', '`init` answers undefined: a state is an object, such as { count: 0 }'],
    ['[1]', '`init` answers a list: a state is an object'],
    ['new Map()', '`init` answers a Map: a state is an object'],
    ['5', '`init` answers a number: a state is an object'],
  ])('that begins as %s is refused', async (init, words) => {
    expect(await said({ init })).toContain(`start  |  a threw: ${words}`);
  });

  test.each([
    ['node.state.self = node.state;', `node.state.self holds itself: ${tail}`],
    ['node.state.bytes = new Uint8Array(2);', `node.state.bytes is a Uint8Array: ${tail}`],
    ['node.state.s = new Set(); throw new Error("mine");', 'mine'],
  ])('is refused where a handler leaves %s', async (ping, words) => {
    const text = await said({ ping });
    expect(text).toContain(`deliver a->b#1 Ping n 1  |  b threw: ${words}`);
  });

  test('holds what stands in two places twice, and what is frozen wholly frozen', async () => {
    const init = '({ a: null, b: null, big: null })';
    const twice =
      'const { state } = node;' +
      'if (state.a) { state.a.n++; node.event("Seen", { b: state.b.n }); state.big[0].n = 1; return; }' +
      'state.a = state.b = { n: 1 }; state.big = Object.freeze([{ n: 0 }]);';
    const text = await said({ init, ping: twice });
    expect(text).toContain('b Seen b 1');
    expect(text).toContain("b threw: Cannot assign to read only property 'n'");
  });

  test.each(['frozen({ i, of: { i } })', '{ i, of: { i } }'])(
    'of thousands of entries %s costs little',
    async (entry) => {
      const top = "import { frozen } from 'lockstep';";
      const init = '({ log: [] as any[] })';
      const ping =
        `for (let i = 0; node.state.log.length < 9_000; i++) node.state.log.push(${entry});` +
        'node.state.log.shift();';
      const steps = '  - a go\n'.repeat(2_000);
      const began = performance.now();
      const text = await said({ top, init, ping }, 'run', steps);
      expect(performance.now() - began).toBeLessThan(8_000);
      expect(text).toContain('a#2000 answered: ok');
    },
    20_000,
  );
});

test('an invariant may only look', async () => {
  const check = 'check({ nodes }) { (nodes[0].state as any).count = 7; return undefined; }';
  const text = await said({ invariant: `still: { doc: 'd', ${check} }` });
  expect(text).toContain('it changes nodes[0].state.count, and it may only look');
});
