/** Every message of the code layer as a golden text, so that all can be read in one sitting. */
import { describe, expect, test } from 'vitest';
import { loadProtocol } from '../../src/code/code.ts';
import { CodeFault, type CodeFaultCode, codeFaultCodes } from '../../src/code/code-fault.ts';
import { gather, locate, type Reading } from '../../src/code/load/workspace-files.ts';
import { expectGolden } from '../golden.ts';
import { output, type Parts, protocolOf } from './run-protocol.ts';

/** Protocols that have one fault. `reference` is what the scenario names as its protocol. */
interface Example extends Parts {
  readonly reference?: string;
}

const m = 'export const b = 2;\n';
const top = (text: string, files: Parts['files'] = {}): Example => ({ top: text, files });

const examples: Readonly<Record<CodeFaultCode, readonly Example[]>> = {
  'file-not-found': [
    { reference: './q.ts' },
    top("import { a } from './a.ts';\nconst c = a;"),
    top("import { a } from './a.js';\nconst c = a;"),
    top("import { a } from './lib';\nconst c = a;"),
  ],
  'outside-root': [
    { reference: '../../p.ts' },
    top("import { a } from '../../a.ts';\nconst c = a;"),
  ],
  'above-disk-root': [{ reference: '../../../p.ts' }],
  'package-import': [
    top("import { a } from 'node:fs';\nconst c = a;"),
    top("import a from 'https://x.org/a';\nconst c = a;"),
  ],
  'json-import': [top("import c from './c.json';\nconst d = c;")],
  'file-extension': [top("import { a } from './a.mts';\nconst c = a;")],
  'import-not-at-top': [
    top("const lazy = () => import('./m.ts');", { 'm.ts': m }),
    top("const lazy = () => require('./m.ts');", { 'm.ts': m }),
  ],
  'missing-export': [
    top("import { zz } from './m.ts';\nconst c = zz;", { 'm.ts': m }),
    top("import c from './m.ts';\nconst d = c;", { 'm.ts': m }),
    top("import { c } from './m.ts';\nconst d = c;", { 'm.ts': 'interface X {}\n' }),
    top("import { roles } from 'lockstep';\nconst c = roles({});"),
  ],
  'import-cycle': [
    top("import { f } from './x.ts';\nexport const k = f;", {
      'x.ts': "import { k } from './p.ts';\nexport const f = k;\n",
    }),
  ],
  syntax: [top('const { a = {};'), top('const a = 1; const a = 2;')],
  'async-code': [
    top('async function f() {}'),
    top('function f() { await g(); }'),
    top('const f = () => { for await (const x of []); };'),
  ],
  decorator: [top('const d = (x: any) => x;\n@d class X {}')],
  namespace: [top('namespace N { export const x = 5; }')],
  'generated-code': [top("const one = () => eval('1');")],
  'module-variable': [top('let n = 0;'), top('var n = 0;')],
  'module-collection': [
    top("import { seen } from './m.ts';\nseen.add('a');", {
      'm.ts': 'export const seen = new Set();\n',
    }),
  ],
  'built-in-change': [
    top("(Array.prototype as any).last = function () { return this.at(-1); };"),
    top("(Array as any).last = (list: any[]) => list.at(-1);"),
    top("Object.defineProperty(Object.prototype, 'zz', { value: 1 });"),
  ],
  'frozen-value': [
    top("import { limits } from './m.ts';\nlimits.most = 5;", {
      'm.ts': 'export const limits: any = { most: 3 };\n',
    }),
  ],
  'reserved-name': [top('const exports = 1;')],
  'unavailable-global': [top('const began = Date.now();')],
  'random-number': [top('const dice = Math.floor(6 * Math.random());')],
  'native-limit': [
    top("const m = /^(a+)+$/.test('" + 'a'.repeat(40) + "b');"),
    top('const big = new Array(1e9).fill(0);'),
  ],
  'iteration-limit': [top('for (;;);')],
  'call-depth-limit': [top('function f(): number { return f() + 1; }\nconst n = f();')],
  'module-threw': [top("const n = JSON.parse('{');"), top("throw new Error('mine');")],
  'no-protocol': [{ files: { 'p.ts': 'export const n = 1;\n' } }],
  'class-instance': [
    { files: { 'p.ts': 'export default new (class { name = "p"; roles = {}; })();\n' } },
  ],
  'unknown-property': [{ more: 'mesages: {},' }],
  'missing-property': [{ invariant: "i: { doc: 'd' }" }],
  'wrong-type': [{ more: "sync: 'sometimes'," }],
  'unknown-name': [{ more: "background: ['x']," }],
  renamed: [{ invariant: '}, facts: {' }],
  'outside-limits': [
    { more: "options: { n: { kind: 'integer', default: 5, min: 6, doc: '' } }," },
    { more: "options: { n: { kind: 'range', default: [5, 9], max: 8, doc: '' } }," },
  ],
};

const known = new Map<Example, CodeFault | undefined>();

function faultOf(example: Example): CodeFault | undefined {
  if (!known.has(example)) known.set(example, loadingFault(example));
  return known.get(example);
}

function loadingFault(example: Example): CodeFault | undefined {
  const files: Record<string, string> = { 'p.ts': protocolOf(example), ...example.files };
  try {
    const isAbove = example.reference === '../../../p.ts';
    const scenario = isAbove ? '/w/s.scenario.yaml' : '/w/s/s.scenario.yaml';
    const root = isAbove ? undefined : '/w/s';
    const read = <Result>(reading: Reading<Result>): Result => {
      let next = reading.next();
      while (!next.done) next = reading.next(files[next.value.replace('/w/s/', '')]);
      return next.value;
    };
    const entry = read(locate(scenario, example.reference ?? './p.ts', root));
    loadProtocol(read(gather(entry)), entry.file);
    return undefined;
  } catch (error) {
    if (error instanceof CodeFault) return error;
    throw error;
  }
}

describe('every fault that keeps a protocol from being loaded', () => {
  test.each(codeFaultCodes)('%s has an example', (code) => {
    expect(examples[code].length).toBeGreaterThan(0);
    for (const example of examples[code]) expect(faultOf(example)?.code).toBe(code);
  });

  test('has a message that says what is wrong and what to do', () => {
    const texts = codeFaultCodes.map((code) => {
      const faults = examples[code].map((example) => {
        const { file, line, column, message } = faultOf(example)!;
        const source = example.files?.[file] ?? (file === 'p.ts' ? protocolOf(example) : '');
        const shown = source.split('\n')[line - 1]?.trim() ?? '';
        return `  ${file}:${line}:${column}: ${message}\n    ${shown}`.trimEnd();
      });
      return `${code}\n${faults.join('\n')}\n`;
    });
    expectGolden(import.meta.url, 'every-fault', texts.join('\n'));
  });
});

describe('all faults of all files', () => {
  const allOf = (example: Example) =>
    faultOf(example)!.all.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);

  test('are found at once, in the order of the source', () => {
    const example: Example = {
      top: "import { a, c } from './a.ts';\nimport { x } from './none.ts';\nlet n = a + c + x;",
      ping: 'node.state.at = Date.now() + Math.random(); setTimeout(() => 1); const d = new Date();',
      files: {
        'a.ts': "import fs from 'node:fs';\nexport const a = 1;\nvar b = fs;\nasync function f() { await a; await a; }\n",
      },
    };
    expect(allOf(example)).toEqual([
      'p.ts:3:19 file-not-found',
      'p.ts:4:1 module-variable',
      'p.ts:13:25 unavailable-global',
      'p.ts:13:38 random-number',
      'p.ts:13:53 unavailable-global',
      'p.ts:13:88 unavailable-global',
      'a.ts:1:16 package-import',
      'a.ts:3:1 module-variable',
      'a.ts:4:1 async-code',
    ]);
  });

  test('include names that another file does not export, each once', () => {
    const example: Example = {
      top: "import { b, c, d } from './m.ts';\nconst e = b + c + d + c;\nlet n = 1;",
      files: { 'm.ts': m },
    };
    expect(allOf(example)).toEqual([
      'p.ts:2:13 missing-export', 'p.ts:2:16 missing-export', 'p.ts:4:1 module-variable',
    ]);
  });

  test('do not include consequences of a file that cannot be parsed', () => {
    const example: Example = {
      top: "import { b } from './m.ts';\nconst c = b;",
      files: { 'm.ts': 'export const b = {;\n' },
    };
    expect(allOf(example)).toEqual(['m.ts:2:1 syntax']);
  });

  test('do not include names that the file declares itself, properties, or types', () => {
    const example: Example = {
      top: 'interface Has { at: Date }\nfunction f(fetch: number, process = 1) { return fetch + process; }\n' +
        'const o = { Date: 1, console: f(1) };\nconst t = typeof window + o.Date;\nconst performance = 3;',
    };
    expect(faultOf(example)).toBeUndefined();
  });
});

describe('every error of a handler that does what a protocol must not', () => {
  const handlers: readonly string[] = [
    'node.state.votes = new Set();',
    'node.state.log = [{ at: new Map() }];',
    'node.state.run = () => 1;',
    'node.state.big = 1n;',
    "node.state.key = Symbol('k');",
    "node.state.error = new Error('e');",
    'node.state["a b"] = new (class Log {})();',
    'node.state.self = node.state;',
    'for (let i = 0, at = node.state; i < 600; i++) at = at.next = {};',
    "node.send(from, { type: 'Ping', votes: new Set() });",
    "node.event('Seen', { who: new Set() });",
    "node.setTimer('later', 1, { seen: new Set() });",
    "node.reply('a#1', new Map());",
    'message.n = 2;',
    'constants.n = 2;',
    'seen.set("a", 1);',
    'for (;;);',
    "/^(a+)+$/.test(`${'a'.repeat(40)}b`);",
    "'x'.repeat(1e9);",
    '(function f(): number { return f() + 1; })();',
    "for (;;) node.send(from, { type: 'Ping' });",
    "for (;;) node.event('Seen');",
    "for (;;) node.setTimer('later', 5);",
    ...['Date.now()', 'setTimeout(() => 1)', 'new Promise(() => 1)', 'crypto.randomUUID()'],
    ...['structuredClone({})', 'console.log(1)', 'new Intl.Collator()', 'new Function("1")'],
    ...['fetch("x")', 'Math.random()', 'Math["random"]()'],
  ];
  const inits = ['undefined', '[1]', '5', 'new Map()', '({ votes: new Set() })'];
  const check = (body: string) => `i: { doc: 'd', check({ nodes, memory }) { ${body} } }`;
  const invariants: readonly string[] = [
    check('(nodes[0].state as any).count = 7; return undefined;'),
    "i: { doc: 'd', remember: () => new Set(), check: () => undefined }",
    `i: { doc: 'd', remember: () => ({}), check({ memory }: any) { memory.x = new Set(); return undefined; } }`,
  ];

  const declarations = 'const constants: any = { n: 1 };\nconst seen = new Map();';

  async function message(parts: Parts): Promise<string> {
    const text = await output({ top: declarations, ...parts });
    const found = /(?:threw|failed|^p\.ts:\d+:\d+): (.*?)(?: {2}\||$)/m.exec(text)?.[1];
    if (found === undefined) throw new Error(text);
    return found;
  }

  test('has a message that says what is wrong and what to do', async () => {
    let text = '';
    for (const ping of handlers) text += `${ping}\n  ${await message({ ping })}\n`;
    for (const init of inits) text += `init: () => ${init}\n  ${await message({ init })}\n`;
    for (const invariant of invariants) text += `${invariant}\n  ${await message({ invariant })}\n`;
    expectGolden(import.meta.url, 'every-refusal', text);
  });
});
