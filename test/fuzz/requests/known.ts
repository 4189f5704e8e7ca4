/** Short sequences that once failed: each is the smallest one for its cause. */
import type { Step } from './steps.ts';

export type Known = readonly [name: string, steps: readonly Step[]];

const ask = (command: string, args?: object): Step => [
  command,
  args === undefined ? undefined : JSON.stringify(args),
  'answer',
];
const hurried = (command: string, args?: object): Step => [ask(command, args)[0], ask(command, args)[1], 'none'];
/** For arguments that only JSON text can hold. */
const raw = (command: string, args: string): Step => [command, args, 'answer'];
const stop = (command: string, args?: object): Step => [ask(command, args)[0], ask(command, args)[1], 'stop'];

const launch = (program: string, more: object = {}): Step =>
  ask('launch', { program: `@program:${program}`, ...more });
const started = (program: string, more: object = {}): Step[] => [
  ask('initialize', { adapterID: 'lockstep' }),
  launch(program, { stopOnEntry: true, ...more }),
  stop('configurationDone'),
];
const onThread = { threadId: 1 };
const motions = ['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'];
const write = { path: '@program:write' };

/** Requests that come when they do not fit. */
export const life: readonly Known[] = [
  ...['configurationDone', 'terminate', 'pause', 'restart', 'continue', 'lockstep/reload'].map(
    (command): Known => [`${command} before a launch`, [ask(command, onThread)]],
  ),
  ...['configurationDone', 'terminate', 'pause', 'restart'].map((command): Known => [
    `${command} after a launch that failed`,
    [launch('absent'), ask(command, onThread)],
  ]),
  ['configurationDone while a launch is under way', [hurried('launch', { program: '@program:write' }), ask('configurationDone')]],
  ['terminate while a launch is under way', [hurried('launch', { program: '@program:write' }), ask('terminate')]],
  ['two launches at once', [hurried('launch', { program: '@program:write' }), launch('write')]],
  ['a launch after a launch', [launch('write'), launch('write')]],
  ['a second initialize', [ask('initialize', {}), ask('initialize', {})]],
  ['a second configurationDone', [...started('election'), ask('configurationDone')]],
  ...motions.map((command): Known => [`${command} before configurationDone`, [launch('write'), ask(command, onThread)]]),
  ['pause before configurationDone', [launch('write'), ask('pause', onThread)]],
  ...[...motions, 'pause'].map((command): Known => [
    `${command} after terminated`,
    [...started('write'), ask('terminate'), ask(command, onThread)],
  ]),
  ['configurationDone after terminated', [...started('write'), ask('terminate'), ask('configurationDone')]],
  ['a reload after terminated', [...started('write'), ask('terminate'), ask('lockstep/reload')]],
  ['terminate after terminated', [...started('write'), ask('terminate'), ask('terminate')]],
  ['a motion after a run without debugging', [launch('failing', { noDebug: true }), stop('configurationDone'), ask('next', onThread)]],
  ['continue at the end of the run, twice', [...started('write'), stop('continue', onThread), stop('continue', onThread), stop('continue', onThread)]],
  ['a motion during a run', [...started('long'), hurried('continue', onThread), hurried('next', onThread), ask('stackTrace', onThread)]],
  ['a restart during a run', [...started('long'), hurried('continue', onThread), ask('restart')]],
  ['a restart that fails during a run', [...started('long'), hurried('continue', onThread), ask('restart', { arguments: { program: '@program:absent' } })]],
  ['a restart that fails', [...started('write'), ask('restart', { arguments: { program: '@program:absent' } })]],
  ['two restarts at once', [...started('write'), hurried('restart'), hurried('restart'), ask('threads')]],
  ['a motion while a restart is under way', [...started('write'), hurried('restart'), hurried('next', onThread), ask('threads')]],
  ['a reload while a restart is under way', [...started('write'), hurried('restart'), hurried('lockstep/reload'), ask('threads')]],
  ['terminate during a run', [...started('long'), hurried('continue', onThread), ask('terminate')]],
  ['terminate while a restart is under way', [...started('write'), hurried('restart'), ask('terminate')]],
  ['disconnect during a run', [...started('long'), hurried('continue', onThread), ask('disconnect')]],
  ['disconnect while a launch is under way', [hurried('launch', { program: '@program:write' }), hurried('configurationDone'), ask('disconnect')]],
  ['disconnect while a restart is under way', [...started('write'), hurried('restart'), ask('disconnect')]],
  ['a launch after disconnect', [ask('disconnect'), launch('write')]],
  ['a configurationDone after disconnect', [launch('write'), ask('disconnect'), ask('configurationDone')]],
  ['cancel', [...started('write'), ask('cancel', { requestId: 1 })]],
];

/** Stops at which something could not be shown. */
export const shown: readonly Known[] = [
  ['all threads at the first stop of the README', [launch('election'), stop('configurationDone'), ask('threads'), ...[1, 2, 3, 4, 5, 6].map((threadId) => ask('stackTrace', { threadId }))]],
  ['all threads at an event of a write', [launch('write', { breakOn: ['TermChanged'] }), stop('configurationDone'), stop('continue', onThread)]],
  ['the panels at a breakpoint in the boot', [launch('write', { panels: true }), ask('loadedSources'), ask('setBreakpoints', { source: '@source:3', breakpoints: [{ line: 23 }] }), stop('configurationDone'), stop('restart')]],
  ['a command in the console at the end of the run', [...started('relay'), stop('continue', onThread), stop('evaluate', { expression: 'crash a', context: 'repl' })]],
  ['more rows than are sent at once', [...started('big'), ask('evaluate', { expression: 'a.state.seen', context: 'watch' }), ask('variables', { variablesReference: '@var:0' })]],
  ['a handler that throws', [...started('throws'), ask('setExceptionBreakpoints', { filters: ['thrown'] }), stop('continue', onThread), ask('exceptionInfo', onThread), ask('stackTrace', onThread)]],
];

/** Right, and far beyond the end of any file. */
const huge = 2_147_483_647;

/** Arguments that are wrong by the schema of the protocol. */
export const wrong: readonly Known[] = [
  ...[huge, 2 ** 53, 1e21, -2_147_483_649, -1, 0, 1.5].map((line): Known => [
    `breakpointLocations from line ${line}`,
    [launch('write'), ask('breakpointLocations', { source: write, line })],
  ]),
  ...[huge, 2 ** 53, 1e21, -5, 0, 2.5].map((endLine): Known => [
    `breakpointLocations to line ${endLine}`,
    [launch('write'), ask('breakpointLocations', { source: write, line: 1, endLine })],
  ]),
  ['breakpointLocations from an infinite line', [launch('write'), raw('breakpointLocations', '{"source":{"path":"@program:write"},"line":1e999}')]],
  ['breakpointLocations without end', [launch('write'), raw('breakpointLocations', '{"source":{"path":"@program:write"},"line":-1e999,"endLine":1e999}')]],
  ...[1.5, -1.5, 0, -3, '3', null, [], huge].map((line): Known => [
    `setBreakpoints on line ${JSON.stringify(line)}`,
    [launch('write'), ask('setBreakpoints', { source: write, breakpoints: [{ line }] })],
  ]),
  ...[7, 'x', { length: 1 }, true].map((breakpoints): Known => [
    `setBreakpoints with ${JSON.stringify(breakpoints)} for a list`,
    [launch('write'), ask('setBreakpoints', { source: write, breakpoints })],
  ]),
  ...[null, 7, 'x', [], {}].map((element): Known => [
    `setBreakpoints with the element ${JSON.stringify(element)}`,
    [launch('write'), ask('setBreakpoints', { source: write, breakpoints: [element] })],
  ]),
  ['setBreakpoints with an object for its lines', [launch('write'), ask('setBreakpoints', { source: write, lines: {} })]],
  ...['condition', 'hitCondition', 'logMessage', 'column'].map((field): Known => [
    `setBreakpoints with a list for a ${field}`,
    [launch('write'), ask('setBreakpoints', { source: write, breakpoints: [{ line: 12, [field]: [1] }] })],
  ]),
  ...['path', 'sourceReference', 'name'].map((field): Known => [
    `setBreakpoints in a source with a list for a ${field}`,
    [launch('write'), ask('setBreakpoints', { source: { [field]: [1] }, breakpoints: [{ line: 1 }] })],
  ]),
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'n1:__proto__', ''].map((name): Known => [
    `a function breakpoint on ${JSON.stringify(name)}`,
    [launch('write'), ask('setFunctionBreakpoints', { breakpoints: [{ name }] })],
  ]),
  ...[7, null, {}, { name: 7 }, { name: ['put'] }].map((element): Known => [
    `a function breakpoint that is ${JSON.stringify(element)}`,
    [launch('write'), ask('setFunctionBreakpoints', { breakpoints: [element] })],
  ]),
  ...['["n5"]', '["n1"]', '["n1","__proto__"]', '["n1",{}]', '["n1",["x"]]', '["n1",null]', '[]', '{}', '"n1"', 'null', '["n1","constructor","name"]'].map(
    (dataId): Known => [
      `a data breakpoint on ${dataId}`,
      [launch('write'), ask('setDataBreakpoints', { breakpoints: [{ dataId }] })],
    ],
  ),
  ...[7, null, ['n1'], {}].map((dataId): Known => [
    `a data breakpoint on the id ${JSON.stringify(dataId)}`,
    [launch('write'), ask('setDataBreakpoints', { breakpoints: [{ dataId }] })],
  ]),
  ...[{}, 7, null, ['thrown']].map((filter): Known => [
    `an exception filter that is ${JSON.stringify(filter)}`,
    [launch('write'), ask('setExceptionBreakpoints', { filters: [filter] })],
  ]),
  ...[0, 'x', {}].map((filterOptions): Known => [
    `filter options that are ${JSON.stringify(filterOptions)}`,
    [launch('write'), ask('setExceptionBreakpoints', { filters: [], filterOptions })],
  ]),
  ...[null, 7, {}, { filterId: 7 }, { filterId: 'thrown', condition: [] }].map((option): Known => [
    `a filter option that is ${JSON.stringify(option)}`,
    [launch('write'), ask('setExceptionBreakpoints', { filters: [], filterOptions: [option] })],
  ]),
  ...motions.flatMap((command) =>
    [1.5, 'x', [], {}, huge].map((threadId): Known => [
      `${command} of the thread ${JSON.stringify(threadId)}`,
      [...started('write'), ask(command, { threadId })],
    ]),
  ),
  ...['x', [], {}].map((threadId): Known => [
    `pause of the thread ${JSON.stringify(threadId)}`,
    [...started('write'), ask('pause', { threadId })],
  ]),
  ...[1.5, 'x', {}, 0, -1].map((targetId): Known => [
    `stepIn to the target ${JSON.stringify(targetId)}`,
    [...started('write'), ask('stepInTargets'), ask('stepIn', { threadId: 1, targetId })],
  ]),
  ...['x', -1.5, {}].map((frameId): Known => [
    `stepInTargets of the frame ${JSON.stringify(frameId)}`,
    [...started('write'), ask('stepInTargets', { frameId })],
  ]),
  ...[-1.5, 0, -3, huge].map((line): Known => [
    `gotoTargets of line ${line}`,
    [...started('write'), ask('gotoTargets', { source: write, line })],
  ]),
  ...(['startFrame', 'levels'] as const).flatMap((field) =>
    [-1, 1.5, 'x', {}].map((value): Known => [
      `stackTrace with ${field} ${JSON.stringify(value)}`,
      [...started('write'), ask('stackTrace', { threadId: 1, [field]: value })],
    ]),
  ),
  ['stackTrace with infinite levels', [...started('write'), raw('stackTrace', '{"threadId":1,"levels":1e999}')]],
  ...(['start', 'count', 'filter'] as const).flatMap((field) =>
    [-1, 1.5, 'x', {}].map((value): Known => [
      `variables with ${field} ${JSON.stringify(value)}`,
      [...started('write'), stop('next', onThread), ask('stackTrace', onThread), ask('scopes', { frameId: '@frame:0' }), ask('variables', { variablesReference: '@var:0', [field]: value })],
    ]),
  ),
  ...[7, [], {}].map((context): Known => [
    `evaluate in the context ${JSON.stringify(context)}`,
    [...started('write'), ask('evaluate', { expression: '1', context })],
  ]),
  ...[-1, 0, 1.5, huge].map((column): Known => [
    `completions at column ${column}`,
    [...started('write'), ask('completions', { text: 'n1.', column })],
  ]),
  ...['linesStartAt1', 'columnsStartAt1', 'pathFormat'].map((field): Known => [
    `initialize with an object for ${field}`,
    [ask('initialize', { [field]: {} })],
  ]),
  ...[{ program: 7 }, { program: '' }, { program: '@program:write', seed: 1.5 }, { program: '@program:write', breakOn: 'x' }].map(
    (args): Known => [`launch with ${JSON.stringify(args)}`, [ask('launch', args)]],
  ),
  ['launch with arguments that are `null` deep inside', [launch('write', { args: { network: null, expect: 7 } })]],
  ['launch with a `__proto__` among its settings', [raw('launch', '{"program":"@program:write","args":{"__proto__":1}}')]],
  ...[1.5, -1, 'x', null].map((step): Known => [
    `a panel that goes to step ${JSON.stringify(step)}`,
    [...started('write'), ask('lockstep/panel', { type: 'goto', step })],
  ]),
  ...[undefined, 7, {}, '', 'crash', 'deliver n1->n2#1', 'crash __proto__'].map((action): Known => [
    `a panel that takes ${JSON.stringify(action)}`,
    [...started('write'), ask('lockstep/panel', { type: 'take', action })],
  ]),
  ['arguments that are a list', [...started('write'), raw('stackTrace', '[]')]],
  ['arguments that are null', [...started('write'), raw('stackTrace', 'null')]],
];
