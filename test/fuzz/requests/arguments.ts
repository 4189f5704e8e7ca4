/** Arguments of each request, as JSON text: mostly right ones, and ways to make them wrong. */
import { allPrograms, shortPrograms } from '../programs.ts';
import type { Random } from '../random.ts';
import {
  consoleLines,
  expressions,
  nastyNumber,
  nastyString,
  nastyValue,
  typed,
} from './values.ts';

type Made = Record<string, string>;
type Make = (random: Random) => Made;

const text = (value: unknown) => JSON.stringify(value);
const some = (kind: string, random: Random) => text(`@${kind}:${random.below(12)}`);
const maybe = (random: Random, made: Made, share = 0.5): Made =>
  random.chance(share) ? made : {};
const listOf = (random: Random, most: number, item: () => string) =>
  `[${Array.from({ length: random.below(most + 1) }, item).join(',')}]`;
const object = (made: Made) =>
  `{${Object.entries(made)
    .map(([key, value]) => `${text(key)}:${value}`)
    .join(',')}}`;

const line = (random: Random) =>
  random.chance(0.85) ? text(random.between(1, 60)) : nastyNumber(random);
const source = (random: Random) =>
  random.chance(0.9) ? some('source', random) : random.pick(['{}', '{"path":"/x.ts"}']);
const thread: Make = (random) => ({ threadId: some('thread', random) });

/** What a breakpoint asks for besides its place. */
const wishes: Make = (random) => ({
  ...maybe(random, { condition: text(random.pick(expressions)) }, 0.2),
  ...maybe(random, { hitCondition: text(random.pick(['1', '>= 2', '% 2', '', 'x', '0'])) }, 0.15),
  ...maybe(random, { logMessage: text(random.pick(['{time}', '{', '{}', 'x {n1.state}'])) }, 0.15),
});

const functionNames = [
  ...['LeaderElected', 'n1:LeaderElected', 'election', 'put', 'Token', 'Passed', 'RequestVote'],
  ...['__proto__', 'constructor', 'n1:toString', '', 'x y', ':', 'n9:put', 'start', 'hasOwnProperty'],
];

const filters = [
  ...['broken', 'thrown', 'event:LeaderElected', 'event:Full', 'event:Passed', 'event:TermChanged'],
  ...['event:__proto__', 'event:toString', 'event:', 'x', '__proto__', ''],
];

const dataIds = [
  ...['["n1","currentTerm"]', '["a","count"]', '["n1","log",0,"term"]', '["n5"]', '[]', '"n1"'],
  ...['{}', 'null', '', '["n1","__proto__"]', '["__proto__","x"]', '["n1",["x"]]', '[["n1"],"x"]'],
  ...['["n1","constructor","name"]', '["n1",null]', '["n1",{}]', '1', 'x'],
];

const launchArguments: Make = (random) => ({
  program: text(`@program:${random.pick(random.chance(0.85) ? shortPrograms : allPrograms)}`),
  ...maybe(random, { stopOnEntry: text(random.chance(0.7)) }, 0.7),
  ...maybe(random, { noDebug: text(random.chance(0.5)) }, 0.1),
  ...maybe(random, { panels: 'true' }, 0.3),
  ...maybe(random, { seed: random.chance(0.7) ? '7' : nastyNumber(random) }, 0.15),
  ...maybe(random, { trusted: text(random.chance(0.5)) }, 0.15),
  ...maybe(random, { breakOn: random.pick(['[]', '["TermChanged"]', '["Passed"]', '["x"]']) }, 0.3),
  ...maybe(random, {
    args: random.pick([
      '{"network":{"latency":"1ms..2ms"}}',
      '{"network":{"loss":"100%"}}',
      '{"nodes":{}}',
      '{"steps":[]}',
      '{"__proto__":1}',
      '{"title":null}',
      '{"seed":"x"}',
      '{"settle":"0s"}',
      '{"network":null,"expect":7}',
    ]),
  }, 0.1),
});

const makers: Readonly<Record<string, Make>> = {
  initialize: (random) => ({
    adapterID: '"lockstep"',
    ...maybe(random, { linesStartAt1: text(random.chance(0.7)) }, 0.3),
    ...maybe(random, { columnsStartAt1: text(random.chance(0.7)) }, 0.3),
    ...maybe(random, { pathFormat: random.pick(['"path"', '"uri"']) }, 0.2),
    ...maybe(random, { supportsInvalidatedEvent: 'true' }, 0.3),
    ...maybe(random, { supportsProgressReporting: 'true' }, 0.3),
  }),
  launch: launchArguments,
  attach: launchArguments,
  configurationDone: () => ({}),
  restart: (random) => maybe(random, { arguments: object(launchArguments(random)) }),
  terminate: (random) => maybe(random, { restart: 'false' }, 0.3),
  disconnect: (random) => maybe(random, { terminateDebuggee: text(random.chance(0.5)) }, 0.3),
  'lockstep/reload': () => ({}),
  setBreakpoints: (random) => ({
    source: source(random),
    ...(random.chance(0.9)
      ? { breakpoints: listOf(random, 4, () => object({ line: line(random), ...wishes(random) })) }
      : { lines: listOf(random, 4, () => line(random)) }),
  }),
  setFunctionBreakpoints: (random) => ({
    breakpoints: listOf(random, 3, () =>
      object({ name: text(random.pick(functionNames)), ...wishes(random) }),
    ),
  }),
  setDataBreakpoints: (random) => ({
    breakpoints: listOf(random, 3, () =>
      object({
        dataId: random.chance(0.4) ? some('data', random) : text(random.pick(dataIds)),
        ...maybe(random, { accessType: random.pick(['"write"', '"read"', '"x"']) }, 0.3),
        ...wishes(random),
      }),
    ),
  }),
  setExceptionBreakpoints: (random) => ({
    filters: listOf(random, 3, () => text(random.pick(filters))),
    ...maybe(random, {
      filterOptions: listOf(random, 2, () =>
        object({
          filterId: text(random.pick(filters)),
          ...maybe(random, { condition: text(random.pick(expressions)) }),
        }),
      ),
    }, 0.3),
  }),
  breakpointLocations: (random) => ({
    source: source(random),
    line: line(random),
    ...maybe(random, { endLine: line(random) }),
    ...maybe(random, { column: line(random) }, 0.2),
  }),
  dataBreakpointInfo: (random) => ({
    name: text(random.pick([...expressions, 'currentTerm', 'count', 'n1.state.currentTerm'])),
    ...maybe(random, { variablesReference: some('var', random) }),
    ...maybe(random, { frameId: some('frame', random) }),
  }),
  continue: thread,
  next: thread,
  stepIn: (random) => ({
    ...thread(random),
    ...maybe(random, { targetId: some('stepTarget', random) }, 0.3),
  }),
  stepOut: thread,
  stepBack: thread,
  reverseContinue: thread,
  pause: thread,
  restartFrame: (random) => ({ frameId: some('frame', random) }),
  gotoTargets: (random) => ({ source: source(random), line: line(random) }),
  goto: (random) => ({ ...thread(random), targetId: some('gotoTarget', random) }),
  stepInTargets: (random) => ({ frameId: some('frame', random) }),
  threads: () => ({}),
  stackTrace: (random) => ({
    ...thread(random),
    ...maybe(random, { startFrame: text(random.below(4)), levels: text(random.below(6)) }, 0.4),
  }),
  scopes: (random) => ({ frameId: some('frame', random) }),
  variables: (random) => ({
    variablesReference: some('var', random),
    ...maybe(random, { start: text(random.below(4)), count: text(random.below(5)) }, 0.3),
    ...maybe(random, { filter: random.pick(['"indexed"', '"named"']) }, 0.2),
  }),
  evaluate: (random) => {
    const context = random.pick(['repl', 'repl', 'watch', 'hover', 'clipboard', 'variables']);
    const pool = context === 'repl' && random.chance(0.8) ? consoleLines : expressions;
    return {
      expression: text(random.pick(pool)),
      context: text(context),
      ...maybe(random, { frameId: some('frame', random) }),
    };
  },
  completions: (random) => {
    const given = random.pick(typed);
    return {
      text: text(given),
      column: text(given.length + 1),
      ...maybe(random, { frameId: some('frame', random) }),
    };
  },
  exceptionInfo: thread,
  loadedSources: () => ({}),
  source: (random) => ({ sourceReference: some('ref', random) }),
  cancel: (random) => maybe(random, { requestId: text(random.below(20)) }),
  'lockstep/panel': (random) =>
    random.pick<Made>([
      { type: '"ready"' },
      { type: '"goto"', step: random.chance(0.8) ? text(random.below(12)) : nastyNumber(random) },
      { type: '"take"', action: text(random.pick([...consoleLines, 'deliver n1->n2#1'])) },
      { type: '"dance"' },
    ]),
};

/** Requests that adapters may offer and this one does not, and names that are not requests. */
const unknown = [
  ...['setVariable', 'setExpression', 'modules', 'readMemory', 'disassemble', 'locations'],
  ...['nonsense', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'lockstep/x'],
];

export const knownCommands = Object.keys(makers);

export function randomCommand(random: Random): string {
  return random.weighted([
    [5, () => random.pick(motions)],
    [6, () => random.pick(reads)],
    [3, () => random.pick(settings)],
    [2, () => random.pick(knownCommands)],
    [0.3, () => random.pick(unknown)],
  ] as const)();
}

const motions = [
  ...['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'pause', 'evaluate'],
  ...['goto', 'restartFrame', 'lockstep/panel', 'restart', 'next', 'stepIn', 'continue'],
];
const reads = [
  ...['threads', 'stackTrace', 'stackTrace', 'stackTrace', 'scopes', 'scopes', 'variables'],
  ...['variables', 'evaluate', 'completions', 'exceptionInfo', 'loadedSources', 'source'],
  ...['stepInTargets', 'gotoTargets', 'dataBreakpointInfo', 'breakpointLocations'],
];
const settings = [
  ...['setBreakpoints', 'setBreakpoints', 'setFunctionBreakpoints', 'setDataBreakpoints'],
  'setExceptionBreakpoints',
];

/** Arguments for a command: undefined for none at all. */
export function argumentsFor(command: string, random: Random, wrongShare: number): string | undefined {
  const made = (Object.hasOwn(makers, command) ? makers[command] : () => ({}))(random);
  if (!random.chance(wrongShare)) {
    return Object.keys(made).length === 0 && random.chance(0.5) ? undefined : object(made);
  }
  return wrongArguments(made, random);
}

/** One thing is wrong with each of these. */
function wrongArguments(made: Made, random: Random): string | undefined {
  const keys = Object.keys(made);
  const key = keys.length > 0 ? random.pick(keys) : 'threadId';
  const { [key]: _, ...rest } = made;
  return random.weighted<() => string | undefined>([
    [8, () => object({ ...made, [key]: nastyValue(random) })],
    [3, () => object({ ...made, [key]: nastyNumber(random) })],
    [3, () => object({ ...made, [key]: nastyString(random) })],
    [3, () => object(rest)],
    [2, () => object({ ...made, [random.pick(optional)]: nastyValue(random) })],
    [1, () => object({ ...made, __proto__x: '1' }).replace('__proto__x', '__proto__')],
    [2, () => withNastyElement(made, random)],
    [1, () => nastyValue(random)],
    [0.5, () => undefined],
  ])();
}

const optional = [
  ...['count', 'start', 'levels', 'startFrame', 'filter', 'frameId', 'endLine', 'column', 'targetId'],
  ...['context', 'line', 'lines', 'breakpoints', 'source', 'threadId', 'hitCondition', 'condition'],
];

/** A list with an element that does not belong there. */
function withNastyElement(made: Made, random: Random): string {
  const lists = Object.keys(made).filter((key) => made[key].startsWith('['));
  if (lists.length === 0) return object({ ...made, format: nastyValue(random) });
  const key = random.pick(lists);
  const field = random.pick(['line', 'name', 'dataId', 'condition', 'hitCondition', 'logMessage']);
  const element = random.chance(0.5)
    ? nastyValue(random)
    : object({ line: '3', name: '"put"', dataId: '"x"', [field]: nastyValue(random) });
  const inside = made[key].slice(1, -1);
  return object({ ...made, [key]: `[${inside === '' ? '' : `${inside},`}${element}]` });
}
