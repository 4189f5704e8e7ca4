/** Hides from workspace code all globals that could make two runs differ, or reach the machine. */
import { CodeRefusal } from '../code-fault.ts';

/** The globals that behave alike in every run. All others are hidden. */
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

export const generatedCode = 'generated code cannot be stepped through';

/** What to use instead of a hidden global. */
const instead: ReadonlyMap<string, string> = new Map(
  (
    [
      ['Date performance Temporal', 'use node.now(), the clock of the node in microseconds'],
      [
        'setTimeout setInterval setImmediate',
        'use node.setTimer(name, after) and continue in the handler of that timer',
      ],
      ['queueMicrotask Promise', 'continue in the handler of a message or a timer'],
      ['crypto', 'use node.random(bound), which returns the same numbers for the same seed'],
      [
        'structuredClone',
        'copy plain data with { ...value }, or deeply with JSON.parse(JSON.stringify(value))',
      ],
      ['console', 'report with node.event(name, fields), or set a logpoint in the editor'],
      ['Intl', 'format without it, since its results differ between machines'],
      ['Function', generatedCode],
    ] as const
  ).flatMap(([names, words]) => names.split(' ').map((name) => [name, words] as const)),
);
const nothingElse = 'a protocol has no access to files, the network or the machine';

/** All objects of the language. The debugger uses them too, so they must not change. */
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

/** The hidden names, each with its substitute: an object that throws whenever it is used. */
export function hiddenGlobals(): ReadonlyMap<string, unknown> {
  const always = ['globalThis', 'Math', 'module', 'require', ...instead.keys()];
  const isName = (name: string) => /^[A-Za-z_]\w*$/.test(name);
  const found = globalNames().filter(isName);
  const names = new Set([...always, ...found].filter((name) => !language.has(name)));
  return new Map(
    [...names].map((name) => [name, name === 'Math' ? mathWithoutRandom() : substitute(name)]),
  );
}

/** Also what the global object inherits: in a page, `addEventListener` leads to the document. */
function globalNames(): string[] {
  const names: string[] = [];
  let one: unknown = globalThis;
  while (typeof one === 'object' && one !== null && one !== Object.prototype) {
    names.push(...Object.getOwnPropertyNames(one));
    one = Object.getPrototypeOf(one);
  }
  return names;
}

/** Further globals of the hosts in which protocols run; their names are known before code runs. */
const ofHosts = new Set(
  'globalThis global window process Buffer fetch XMLHttpRequest WebSocket navigator'.split(' '),
);

/** Whether a global is hidden in every host. */
export function isHidden(name: string): boolean {
  return instead.has(name) || ofHosts.has(name);
}

export function notAvailable(name: string): string {
  return `${name} is not available in a protocol: ${instead.get(name) ?? nothingElse}`;
}

export const noMathRandom =
  'Math.random is not available in a protocol: ' +
  'use node.random(bound), which returns the same numbers for the same seed';

function substitute(name: string): unknown {
  const refuse = () => {
    throw new CodeRefusal('unavailable-global', notAvailable(name));
  };
  const traps = ['apply', 'construct', 'get', 'set', 'has', 'ownKeys', 'defineProperty'] as const;
  return new Proxy(function () {}, Object.fromEntries(traps.map((trap) => [trap, refuse])));
}

function mathWithoutRandom(): object {
  const random = () => {
    throw new CodeRefusal('random-number', noMathRandom);
  };
  const own = Object.getOwnPropertyDescriptors(Math) as PropertyDescriptorMap;
  return Object.freeze(Object.defineProperties({}, { ...own, random: { value: random } }));
}
