/** What the code of a workspace protocol may do: imports, declarations, states, and their limits. */
import { describe, expect, test } from 'vitest';
import { output, report, reported } from './run-protocol.ts';

describe('an import', () => {
  const files = { 'm.ts': 'export const b = 2;\nexport default () => 1;\n' };

  test.each([
    ['of a namespace', "import * as m from './m.ts';", 'm.default() + m.b', '3'],
    ['of a default', "import one from './m.ts';", 'one()', '1'],
    ['of both', "import one, { b as two } from './m.ts';", 'one() + two', '3'],
    ['of itself', "import * as me from './p.ts';", 'Object.keys(me).length', '1'],
    ['of types alone, from a file that does not exist', "import type { X } from './none.ts';", '7', '7'],
  ])('%s', async (_, top, value, expected) => {
    expect(await reported({ top, ping: report(value), files })).toEqual([`x ${expected}`, `x ${expected}`]);
  });

  test('of names that another file re-exports', async () => {
    const all = {
      ...files,
      'all.ts': "export * from './m.ts';\nexport * as whole from './m.ts';\n" +
        "export { default as one } from './m.ts';\nexport type { T } from './t.ts';\n",
    };
    const top = "import { b, whole, one } from './all.ts';";
    const ping = report('b + whole.b + one()');
    expect(await reported({ top, ping, files: all })).toEqual(['x 5', 'x 5']);
  });

  test('in a cycle can be used once all modules have run', async () => {
    const x = "import { k } from './p.ts';\nexport function f() { return k + 1; }\n";
    const top = "import { f } from './x.ts';\nexport const k = 3;";
    expect(await reported({ top, ping: report('f()'), files: { 'x.ts': x } })).toEqual(['x 4', 'x 4']);
    const early = x.replace('function f() { return k + 1; }', 'const f = () => j;\nconst j = k;');
    expect(await output({ top, ping: report('f()'), files: { 'x.ts': early } })).toBe(
      'x.ts:3:11: `k` is not defined yet, because p.ts imports this file, so this file runs first: ' +
        'use `k` inside a function only\n',
    );
  });

  test('in a comment or a string is not one', async () => {
    const top = '// unlike require("fs"), safe\nconst doc = "no require(\'fs\') here";';
    expect(await reported({ top, ping: report('doc.length') })).toEqual(['x 21', 'x 21']);
  });

  test.each([
    ['of a name that is not exported', "import {\n  b,\n  zz,\n} from './m.ts';", 'b + zz', '4:3: m.ts does not export `zz`'],
    ['that is exported again and may be a type', "import { T } from './n.ts';\nexport { T };", '1', ''],
    ['below a comment with the same name', "// './x.ts' is not meant\nimport { x } from './x.ts';", 'x', '3:19: there is no file x.ts'],
  ])('%s', async (_, top, value, expected) => {
    const all = { ...files, 'n.ts': 'export const n = 1;\nexport interface T {}\n' };
    const text = await output({ top, ping: report(value), files: all }, 'check');
    expect(text).toContain(expected === '' ? '3 steps' : `p.ts:${expected}`);
  });
});

describe('what a module declares', () => {
  test('may be an enum, here or elsewhere', async () => {
    const files = { 'e.ts': "export enum Far { A = 'a' }\nexport const enum Near { B = 4 }\n" };
    const top = "import { Far, Near } from './e.ts';\nenum Own { X, Y = 5 }\nconst enum C { Z = 1 }";
    const ping = report('[Own.Y, Own[0], C.Z, Far.A, Near.B].join()');
    expect(await reported({ top, ping, files })).toEqual(['x 5,X,1,a,4', 'x 5,X,1,a,4']);
  });

  test.each([
    ['export let n = 0;', '2:8: a module cannot declare variables with `let`'],
    ['enum E { A }\nvar F;', '3:1: a module cannot declare variables with `var`'],
    ['// namespace N {\nnamespace N { export interface X { a: 1 } }', ''],
    ['const s = "namespace N {";', ''],
    ['const f = () => { for await (const x of []); };', '2:23: protocol code cannot use async'],
    ['function f() {\n  await g();\n}', '3:3: protocol code cannot use async'],
    ['function f() {\n  return await (g);\n}', '3:10: protocol code cannot use async'],
    ['const options = { eval: 1, await: 2, require: 3 };\nconst n = options.eval;', ''],
    ['const performance = 3;', ''],
  ])('%s', async (top, expected) => {
    const text = await output({ top }, 'check');
    expect(text).toContain(expected === '' ? '3 steps' : `p.ts:${expected}`);
  });

  test('never changes, and none of its getters runs', async () => {
    const throws = (top: string, code: string) => output({ top, ping: code });
    const getter = 'export const lazy = { get now(): number { throw new Error("it ran"); } };';
    expect(await throws(getter, '')).toContain('deliver a->b');
    const reason = 'constants of modules and sent messages are frozen; change node.state or a copy';
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
    expect(await throws(inMap, 'm.set("b", { n: 1 });')).toContain('b threw: a module-level Map cannot change');
  });

  test('may be an object of the language, which is not frozen', async () => {
    const top = 'const { keys } = Object;\nconst list = Array;\nconst json = JSON;';
    expect(await reported({ top, ping: report('keys({ a: list.of(json) }).length') })).toHaveLength(2);
    expect(Object.isFrozen(Array) || Object.isFrozen(JSON)).toBe(false);
  });

  test('may be a regular expression, whose position is reset before each call of a handler', async () => {
    const top = 'const all = /a/g;';
    const ping = report('[all.test("aa"), all.lastIndex, "aaa".replace(all, "b"), all.test("a")].join()');
    expect(await reported({ top, ping })).toEqual(['x true,1,bbb,true', 'x true,1,bbb,true']);
  });
});

describe('a state', () => {
  test.each([
    ['({ log: [{ at: new Map() }] })', 'node.state.log[0].at is a Map'],
    ['({ "a b": /x/ })', 'node.state["a b"] is a RegExp'],
    ['(Object.freeze({ s: Object.freeze([new Set()]) }))', 'node.state.s[0] is a Set'],
    ['({ list: new (class List extends Array {})() })', 'node.state.list is an instance of the class List'],
    ['({ at: Object.create(Object.create(null)) })', 'node.state.at is an instance of a class'],
  ])('that begins as %s is refused at its path', async (init, words) => {
    expect(await output({ init })).toContain(`start  |  a threw: ${words}, but state is saved`);
  });

  test.each([
    ['node.state.self = node.state;', 'node.state.self refers to itself'],
    ['node.state.bytes = new Uint8Array(2);', 'node.state.bytes is a Uint8Array'],
    ['node.state.s = new Set(); throw new Error("mine");', 'mine'],
  ])('is refused where a handler leaves %s', async (ping, words) => {
    const text = await output({ ping });
    expect(text).toContain(`deliver a->b#1 Ping n 1  |  b threw: ${words}`);
  });

  test('has a copy of an object in each place, and parts of frozen objects are frozen', async () => {
    const init = '({ a: null, b: null, big: null })';
    const twice =
      'const { state } = node;' +
      'if (state.a) { state.a.n++; node.event("Seen", { b: state.b.n }); state.big[0].n = 1; return; }' +
      'state.a = state.b = { n: 1 }; state.big = Object.freeze([{ n: 0 }]);';
    const text = await output({ init, ping: twice });
    expect(text).toContain('b Seen b 1');
    expect(text).toContain("b threw: Cannot assign to read only property 'n'");
  });
});

test.each(['frozen({ i, of: { i } })', '{ i, of: { i } }'])(
  'a run with thousands of entries %s in its state does not check them all in each step',
  async (entry) => {
    const top = "import { frozen } from 'lockstep';";
    const init = '({ log: [] as any[] })';
    const ping =
      `for (let i = 0; node.state.log.length < 9_000; i++) node.state.log.push(${entry});` +
      'node.state.log.shift();';
    const text = await output({ top, init, ping }, 'run', '  - a go\n'.repeat(2_000));
    expect(text).toContain('a#2000 answered: ok');
  },
  60_000,
);

describe('a limit', () => {
  test('cannot be caught by the code that it ends', async () => {
    const loops = ['for (;;) { try { for (;;); } catch {} }', 'try { for (;;); } finally { for (;;); }'];
    const patterns = ['for (;;) { try { for (;;); } catch ({ message }) {} }'];
    const sends = ['for (;;) { try { node.send(from, { type: "Ping" }); } catch {} }'];
    for (const ping of [...loops, ...patterns, ...sends]) {
      expect(await output({ ping }), ping).toContain('b threw: the code does not end');
    }
  });

  test('on nested calls does not depend on where the engine ends them', async () => {
    const top = 'function deep(n: number): number {\n  try { return deep(n + 1); } catch { return n; }\n}';
    expect(await output({ top, ping: report('deep(0)') })).toContain(
      'b threw: the code does not end: its functions call each other too deeply; end the recursion',
    );
  });

  test('is reset before each call: a long run of short handlers does not reach it', async () => {
    const ping = 'for (let i = 0; i < 600_000; i++);';
    expect(await output({ ping }, 'run', '  - a go\n'.repeat(4))).not.toContain('threw');
  });
});

test('an invariant is read-only', async () => {
  const check = 'check({ nodes }) { (nodes[0].state as any).count = 7; return undefined; }';
  const text = await output({ invariant: `still: { doc: 'd', ${check} }` });
  expect(text).toContain('invariants are read-only and cannot modify nodes[0].state.count');
});
