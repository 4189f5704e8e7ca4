/** What a protocol of the workspace sees of the world: the language itself, and refusals. */

/** Standard names that are the same twice; every other global name answers with words. */
const language = new Set(
  (
    'Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Error EvalError ' +
    'Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Iterator JSON Map NaN ' +
    'Number Object RangeError ReferenceError RegExp Set String Symbol SyntaxError TypeError ' +
    'URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet ' +
    'AggregateError Reflect Proxy decodeURI decodeURIComponent encodeURI encodeURIComponent ' +
    'escape unescape isFinite isNaN parseFloat parseInt undefined eval'
  ).split(' '),
);

const timer = 'a node waits by node.setTimer(name, after), and the handler of that timer goes on';
const clock = 'the clock of a node is node.now(), in microseconds';
const done = 'a handler is done when it returns; what comes later comes by a message or a timer';

/** What to use instead, by the names that are refused. */
const instead: ReadonlyMap<string, string> = new Map(
  (
    [
      ['Date performance Temporal', clock],
      ['setTimeout setInterval setImmediate', timer],
      ['queueMicrotask Promise', done],
      ['crypto', 'node.random(bound) is the same for the same seed'],
      [
        'structuredClone',
        'copy plain data by { ...value }, or wholly by JSON.parse(JSON.stringify(value))',
      ],
      ['console', 'node.event(name, fields) reports, and a log point prints what you ask'],
      ['Intl', 'what it answers differs from machine to machine'],
      ['Function', 'code that is made of text has no lines to step through'],
    ] as const
  ).flatMap(([names, words]) => names.split(' ').map((name) => [name, words] as const)),
);
const nothingElse = 'a protocol sees its node and its messages, no files, network or machine';

/** All that the language itself is made of: shared with the host, and not to be changed. */
export function languageObjects(): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  const left: unknown[] = [...language, 'Math'].map((name) => Reflect.get(globalThis, name));
  while (left.length > 0) {
    const one = left.pop();
    const isObject = (typeof one === 'object' && one !== null) || typeof one === 'function';
    if (!isObject || found.has(one)) continue;
    found.add(one);
    left.push(Object.getPrototypeOf(one));
    for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(one))) {
      left.push(value, get, set);
    }
  }
  return found;
}

/** The names to hide, each with what stands in its place. */
export function refusals(): ReadonlyMap<string, unknown> {
  const always = ['globalThis', 'Math', 'module', 'require', ...instead.keys()];
  const isName = (name: string) => /^[A-Za-z_]\w*$/.test(name);
  const found = Object.getOwnPropertyNames(globalThis).filter(isName);
  const names = new Set([...always, ...found].filter((name) => !language.has(name)));
  return new Map(
    [...names].map((name) => [name, name === 'Math' ? mathOfTheSeed() : refusal(name)]),
  );
}

function refusal(name: string): unknown {
  const refuse = () => {
    throw new Error(`there is no ${name} in a protocol: ${instead.get(name) ?? nothingElse}`);
  };
  const traps = ['apply', 'construct', 'get', 'set', 'has', 'ownKeys', 'defineProperty'] as const;
  return new Proxy(function () {}, Object.fromEntries(traps.map((trap) => [trap, refuse])));
}

function mathOfTheSeed(): object {
  const random = () => {
    const use = 'use node.random(bound), a whole number below the bound';
    throw new Error(`Math.random is not the same twice: ${use}`);
  };
  const own = Object.getOwnPropertyDescriptors(Math) as PropertyDescriptorMap;
  return Object.freeze(Object.defineProperties({}, { ...own, random: { value: random } }));
}
