/** Built-in functions that would run for hours in a single call end at a limit, on every machine. */
import { describe, expect, test, vi } from 'vitest';
import { patternSteps } from '../../src/code/limits/pattern-steps.ts';
import { output, report, reported } from './run-protocol.ts';

// These calls must end at what is counted, however busy the machine is: the clock comes later here.
vi.mock(import('../../src/dap/time-limit.ts'), async (original) => {
  const { withTimeLimit, ...others } = await original();
  return {
    ...others,
    withTimeLimit: (ms, code, act) => withTimeLimit(20 * ms, code, act),
  };
});

const backtracking = "/^(a+)+$/.test('a'.repeat(40) + 'b')";
const shared = 'let x: any = [1]; for (let i = 0; i < 40; i++) x = [x, x];';

const encoded = "const z = '%41'.repeat(1e6);";
const manyKeys = 'const y: any = {}; for (let i = 0; i < 1e5; i++) y[`k${i}`] = i;';

/** Each would take minutes, or more memory than there is. */
const endless: readonly string[] = [
  backtracking,
  "new RegExp('^(a|aa)+$').exec('a'.repeat(60) + 'b')",
  "('a'.repeat(60) + 'b').match(/^(a+)+$/)",
  "('a'.repeat(60) + 'b').replace(/(a*)*c/, '')",
  "('a'.repeat(60) + 'b').replaceAll(/(a*)*c/g, () => '')",
  "('a'.repeat(60) + 'b').split(/(?:a|a)+c/)",
  "('a'.repeat(60) + 'b').search(/(a?){60}a{60}c/)",
  "[...('a'.repeat(60) + 'b').matchAll(/(a+)+c/g)]",
  "/(?<=^(a|a)+)c/.test('b' + 'a'.repeat(60) + 'c')",
  "/^(\\w+)\\1*(\\w+)*$/.test('a'.repeat(60) + '-')",
  "/(.*)(.*)(.*)(.*)(.*)x/.test('a'.repeat(3000))",
  "/^(a+)+$/['test']('a'.repeat(40) + 'b')",
  "/^(a+)+$/[('te' + 'st') as 'test']('a'.repeat(40) + 'b')",
  "RegExp.prototype.test.call(/^(a+)+$/, 'a'.repeat(40) + 'b')",
  "Reflect.apply(RegExp.prototype.test, /^(a+)+$/, ['a'.repeat(40) + 'b'])",
  "'x'.repeat(1e9)",
  "'x'.padEnd(5e8)",
  "'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1e6))",
  'new Array(1e9).fill(0)',
  'Array(1e9).join()',
  'Array.from({ length: 1e9 })',
  'new Uint8Array(2e9)',
  '(() => { const x: number[] = []; x.length = 4e9; return x.indexOf(1); })()',
  '(() => { const x: number[] = []; x[4e9] = 1; x.forEach(() => 1); return 1; })()',
  "[...'x'.repeat(9e6), ...'x'.repeat(9e6)]",
  "new Set('x'.repeat(9e6) + 'x'.repeat(9e6))",
  'Array(9e6).fill(0).sort()',
  'Array(1e5).fill(0).sort(() => { for (;;); })',
  "(() => { let s = 'x'; for (let i = 0; i < 28; i++) s += s; return s.indexOf('y'); })()",
  "'a'.repeat(3e6).indexOf('a'.repeat(1e6) + 'b')",
  '(() => { for (let i = 0; i < 1e5; i++) Array(1e3).fill(i).includes(-1); })()',
  `(() => { ${shared} return JSON.stringify(x); })()`,
  `(() => { ${shared} return x.flat(Infinity); })()`,
  `(() => { ${shared} return x.join(); })()`,
  '3n ** 100_000_000n',
  '(() => { let x = 3n; for (let i = 0; i < 40; i++) x = x * x; })()',
  '(() => { let x = 3n; for (let i = 0; i < 40; i++) x *= x; })()',
  '1n << 900_000_000n',
  'String.raw({ raw: { length: 2e9 } } as any)',
  'new Int8Array({ length: 2e9 } as any)',
  'new Float64Array(2e9, 0 as any)',
  "new Uint16Array({ length: '2e9' } as any)",
  'new ArrayBuffer(2e9, { maxByteLength: 3e9 } as any)',
  'new ArrayBuffer(8, { maxByteLength: 3e9 } as any).resize(2e9)',
  '(() => { const A = Int32Array; return new A({ length: 2e9 } as any); })()',
  'Int8Array.from({ length: 2e9 })',
  'Reflect.construct(Int8Array, [{ length: 2e9 }])',
  "Reflect.apply(String.prototype.concat, '', { length: 1e9 } as any)",
  `(() => { ${encoded} for (let i = 0; i < 1e5; i++) decodeURIComponent(z); })()`,
  `(() => { ${encoded} for (let i = 0; i < 1e5; i++) encodeURI(z); })()`,
  `(() => { ${encoded} for (let i = 0; i < 1e5; i++) unescape(escape(z)); })()`,
  `(() => { ${encoded} Array(1e5).fill(z).map(decodeURI); })()`,
  `(() => { ${encoded} const f = (c: any) => { for (let i = 0; i < 1e5; i++) c(z); }; f.call(0, decodeURI); })()`,
  "(() => { const z = '1'.repeat(1e6); for (let i = 0; i < 1e5; i++) Number(z); })()",
  "(() => { const z = '1'.repeat(1e6); for (let i = 0; i < 1e5; i++) parseFloat(z); })()",
  "(() => { const z = '1'.repeat(1e6); for (let i = 0; i < 1e5; i++) Number.parseInt(z, 7); })()",
  `(() => { ${manyKeys} for (let i = 0; i < 1e5; i++) for (const k in y) break; })()`,
  `(() => { ${manyKeys} for (let i = 0; i < 1e5; i++) ({ ...y }); })()`,
  `(() => { ${manyKeys} for (let i = 0; i < 1e5; i++) { const { a, ...z } = y; } })()`,
  `(() => { ${manyKeys} for (let i = 0; i < 1e5; i++) Object.getOwnPropertyDescriptors(y); })()`,
  `(() => { ${manyKeys} for (let i = 0; i < 1e5; i++) Object.entries(y); })()`,
  "Object.keys('x'.repeat(9e6) + 'x'.repeat(9e6))",
  "(/^(a+)+$/ as any)[Symbol.replace]('a'.repeat(40) + 'b', '')",
  "(/^(a+)+$/ as any)[Symbol.match]('a'.repeat(40) + 'b')",
  "(/^(?:a+)+c/ as any)[Symbol.split]('a'.repeat(40) + 'b')",
  "(/^(a+)+$/ as any)[Symbol.search]('a'.repeat(40) + 'b')",
  "'x'.repeat(1e5).replaceAll('x', '$`')",
  '(() => { const [...q] = { length: 2e9, [Symbol.iterator]: [].values } as any; })()',
  '(() => { let q: any; [...q] = { length: 2e9, [Symbol.iterator]: [].values } as any; })()',
  '[...([] as any).values.call({ length: 2e9 })]',
  'Array.from(([] as any).keys.call({ length: 2e9 }))',
  'Array(1e4).fill(Array(1e5).fill(0)).flatMap((x) => x)',
  "BigInt('9'.repeat(1e6))",
  '(3n ** 100_000n).toString().repeat(1e4)',
  '(() => { const o = { x: 3n }; for (let i = 0; i < 40; i++) o.x *= o.x; })()',
  "(() => { const o = [3n], k = 0; for (let i = 0; i < 40; i++) o[k] **= 9n; })()",
  '(() => { const x = 1n << 9_000_000n; for (let i = 0; i < 1e5; i++) x + x; })()',
  "(() => { const a = 'x'.repeat(4e6), b = 'x'.repeat(4e6); for (let i = 0; i < 1e6; i++) a < b; })()",
  "(() => { const a = 'x'.repeat(4e6), b = 'x'.repeat(4e6); for (let i = 0; i < 1e6; i++) a === b; })()",
];

describe('a call of a built-in function that takes too long is a limit error, in its line', () => {
  test.each(endless)('%s', async (code) => {
    const text = await output({ ping: `node.state.x = ${code};` });
    expect(text).toMatch(/threw: the code (takes too long|does not end): .* \(p\.ts:11:\d+\)/);
  });
});

/** Values that no step could copy or compare. */
const tooLarge: readonly (readonly [code: string, path: string])[] = [
  [`${shared} node.state.x = x;`, 'node.state.x'],
  [`${shared} node.state.x = { a: x }; node.state.y = x;`, 'node.state.x'],
  [`${shared} node.send(from, { type: 'Ping', x });`, 'x'],
  [`${shared} node.event('Seen', { x });`, 'x'],
  [`${shared} node.setTimer('later', 1, { x });`, 'data.x'],
  [`${shared.replaceAll('= [', '= Object.freeze([').replaceAll(']', '])')} node.send(from, { type: 'Ping', x });`, 'x'],
  ['node.state.x = []; node.state.x[4e9] = 1;', 'node.state.x'],
  ['const x: number[] = []; x[4e9] = 1; node.send(from, { type: "Ping", x });', 'x'],
  ["let s = 'x'; for (let i = 0; i < 28; i++) s += s; node.event('Seen', { s });", 's'],
  ["let s = 'x'; for (let i = 0; i < 28; i++) s += s; node.state.s = { s };", 'node.state.s.s'],
];

test.each(tooLarge)('%s is refused for its size', async (code, path) => {
  const text = await output({ ping: code });
  const found = /threw: (\S*) has more than 500,000 parts or 10,000,000 characters/.exec(text)?.[1];
  expect(found?.startsWith(path), text.slice(0, 300)).toBe(true);
});

test.each([
  'const f: any = [[1]]; Object.assign(f, { a: 1 }).b.c()',
  'const f: any = [[1]]; Object.assign(f, {})()',
  'const f: any = [1]; (f[0] = f).push?.(1)(2)',
  'const f: any = { push: 5 }; f.push?.(1)',
  'const f: any = 5; [...f]',
  'const f: any = 5; const [...g] = f',
])('%s has an error without internal names', async (code) => {
  const text = await output({ ping: `${code};` });
  expect(text).toContain('threw: ');
  expect(text).not.toContain('$$');
});

test('a long sentence of an invariant is cut', async () => {
  const invariant = "i: { doc: 'd', check: () => 'x'.repeat(5e6) }";
  expect((await output({ invariant })).length).toBeLessThan(20_000);
});

test('a long message of an error is cut', async () => {
  const long = "let s = 'x'; for (let i = 0; i < 28; i++) s += s; throw new Error(s);";
  expect((await output({ ping: long })).length).toBeLessThan(20_000);
});

const places: readonly (readonly [name: string, parts: object, line: number])[] = [
  ['a module', { top: `const x = ${backtracking};` }, 2],
  ['init', { init: `({ x: ${backtracking} })` }, 8],
  ['start', { more: `start() { ${backtracking}; },` }, 7],
  ['an invariant', { invariant: `i: { doc: 'd', check() { ${backtracking}; return undefined; } }` }, 5],
];

test.each(places)('in %s it is found too, in a check or in a run', async (_name, parts, line) => {
  expect(await output(parts)).toMatch(new RegExp(`p\\.ts:${line}:\\d+.*takes too long|takes too long.*p\\.ts:${line}:`));
});

test('the limit is that of one call, so that a long run never reaches it', async () => {
  const work = 'for (let i = 0; i < 40; i++) Array(1e5).fill(0);';
  expect(await reported({ ping: `${work} ${report('1')}` })).toHaveLength(2);
});

/** Forms in which calls are written: what counts them must not change what they do. */
const forms: readonly (readonly [code: string, value: unknown])[] = [
  ["['b', 'a'].sort().map((x) => x + x).join('-')", 'aa-bb'],
  ['[3, 1, 2].toSorted((a, b) => b - a).slice(1)', [2, 1]],
  ["(['x'] as string[] | undefined)?.join()", 'x'],
  ['(undefined as string[] | undefined)?.join().length ?? 7', 7],
  ['(undefined as any)?.list.join() ?? 8', 8],
  ["({ list: ['x'] } as any)?.list.join().length", 1],
  ['({} as any).fill?.(1) ?? 9', 9],
  ['[1, 2].fill?.(1)', [1, 1]],
  ['({ fill: (x: number) => x + 1 }).fill(1)', 2],
  ["({ n: 5, map() { return this.n; } }).map()", 5],
  ["(['a', 'b'] /* . */ . join\n  ('+'))", 'a+b'],
  ["[['a'], ['b']].map((x) => x.concat(['c']).join('')).join()", 'ac,bc'],
  ["[1, 2, 3][('in' + 'cludes') as 'includes'](2)", true],
  ["new Array(3).fill('x').join('')", 'xxx'],
  ["new Array('3').length", 1],
  ['Array(2, 3).length', 2],
  ['(() => { const x = [1, 2, 3]; x.length = 1; return x; })()', [1]],
  ["[...'ab', ...[1]].length", 3],
  ['({ ...{ a: 1 }, b: 2 }).a', 1],
  ['Math.max(...[1, 5, 2])', 5],
  ['[...new Set([1, 1, 2])].length', 2],
  ['new Map([[1, 2]]).get(1)', 2],
  ["'a-b'.replace(/-(\\w)/, (_, x) => x.toUpperCase())", 'aB'],
  ["'2024-01-02'.match(/^(?<y>\\d+)-(\\d+)/)?.groups?.y", '2024'],
  ["(() => { const p = /a/g; p.test('aa'); return p.lastIndex; })()", 1],
  ["'a1b2'.split(/\\d/).length", 3],
  ['2 ** 3 ** 2', 512],
  ['Number((2n + 1n) ** 2n * 2n)', 18],
  ['(1 + 2) * (3 + 4)', 21],
  ['JSON.parse(JSON.stringify({ a: [1] })).a[0]', 1],
  ["Object.keys({ a: 1, b: 2 }).join()", 'a,b'],
  ["String.prototype.repeat.call('ab', 2)", 'abab'],
  ["[...new Map([[1, 2]]).keys()].join()", '1'],
  ["Array.from(new Set([3, 4]).values(), (x) => x + 1)", [4, 5]],
  ["Object.fromEntries(new Map([['a', 1]]).entries()).a", 1],
  ["new Uint8Array([1, 2, 3].values()).length", 3],
  ["[...'abc'.matchAll(/[ab]/g)].length", 2],
  ["['1', '2'].map(Number)", [1, 2]],
  ["[[1], [2, 3]].flatMap((x, i) => [i, ...x])", [0, 1, 1, 2, 3]],
  ['new Uint8Array(new ArrayBuffer(8), 4, 2).length', 2],
  ["String.raw`a\\n${1}`.length", 4],
  ['(() => { const o = { x: 2n }; o.x *= 3n; o.x -= 1n; return Number(o.x); })()', 5],
  ["(() => { const { a, ...z } = { a: 1, b: 2 }; return z; })()", { b: 2 }],
  ['(() => { const [a, ...z] = [1, 2, 3].values(); return z; })()', [2, 3]],
  ["(() => { let s = ''; for (const k in { a: 1, b: 2 }) s += k; return s; })()", 'ab'],
  ['(() => { for (const k in null as any) return k; return 4; })()', 4],
  ['({ ...(undefined as any), ...null, b: 1 })', { b: 1 }],
  ["'b' > ('a' as string) && [1, 2].length <= [1, 2, 3].length", true],
  ["(/b/ as any)[Symbol.replace]('abc', 'x')", 'axc'],
  ["typeof Number('1') + BigInt('12') + String(3)", 'number123'],
];

test.each(forms)('%s is the same with its cost counted', async (code, value) => {
  const text = await reported({ ping: `const big = 0n; ${report(`JSON.stringify(${code})`)}` });
  const shown = JSON.stringify(value);
  expect(text[0]).toContain(typeof value === 'string' ? value : shown);
});

test.each([
  ['node.state.fill(1)', 'node.state.fill is not a function'],
  ['node.state.list.fill(1)', "Cannot read properties of undefined (reading 'fill')"],
  ['[1].map((x) => x).filter(Boolean).foo()', '[1].map(...).filter(...).foo is not a function'],
  ['const a: any = [1]; a.map((x: any) => x).foo()', 'a.map(...).foo is not a function'],
  ['node.state[Symbol("q")] = 1', 'node.state has a symbol as a key'],
  ['node.state.x = { [Symbol("q")]: 1 }', 'node.state.x has a symbol as a key'],
  ['message[("n" + "o")](1)', 'message[("n" + "o")] is not a function'],
])('%s has the error of the engine', async (code, message) => {
  const text = await output({ ping: `${code};` });
  expect(text).toContain(`threw: ${message}`);
});

describe('the steps of a pattern', () => {
  const limit = 1e6;
  const steps = (pattern: RegExp, text: string, isAll = false) =>
    patternSteps(pattern, text, { isAll, limit });

  test('are few if the engine needs few', () => {
    expect(steps(/^(\w+)-(\d+)$/, 'node-17')).toBeLessThan(60);
    expect(steps(/(a|b)*c/, `${'ab'.repeat(50)}c`)).toBeLessThan(2_000);
    expect(steps(/\s+|,/g, 'a b, c'.repeat(100), true)).toBeLessThan(5_000);
    expect(steps(/^(?:a+?)+$/, 'a'.repeat(200))).toBeLessThan(3_000);
    expect(steps(/(?<!x)(?=(a+))\1b/u, `${'a'.repeat(20)}b`)).toBeLessThan(3_000);

  });

  test('grow as those of the engine', () => {
    const doubling = (length: number) => steps(/^(a+)+$/, `${'a'.repeat(length)}b`);
    expect(doubling(11) / doubling(10)).toBeCloseTo(2, 0);
    expect(doubling(40)).toBeGreaterThan(limit);
    const squared = (length: number) => steps(/a*b/, 'a'.repeat(length));
    expect(squared(400) / squared(200)).toBeCloseTo(4, 0);
  });
});
