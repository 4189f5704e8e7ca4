/** The arguments of each request, as far as the adapter reads them: clients may send anything. */
import {
  anyObject,
  anyString,
  type Bases,
  column,
  type Fields,
  isObject,
  line,
  listOf,
  natural,
  objectOf,
  positive,
  truthValue,
  wholeNumber,
  withoutNulls,
  wordOf,
  wrongField,
} from '../checked.ts';
import { RequestRefusal } from '../refusal.ts';

const source = objectOf({ 'path?': anyString, 'name?': anyString, 'sourceReference?': natural });
const onThread: Fields = { 'threadId?': wholeNumber };
const settings: Fields = {
  'condition?': anyString,
  'hitCondition?': anyString,
  'logMessage?': anyString,
};
const access = wordOf('access type', 'read', 'write', 'readWrite');

const schemas: ReadonlyMap<string, Fields> = new Map(
  Object.entries<Fields>({
    initialize: {
      'linesStartAt1?': truthValue,
      'columnsStartAt1?': truthValue,
      'pathFormat?': anyString,
      'supportsInvalidatedEvent?': truthValue,
      'supportsProgressReporting?': truthValue,
    },
    restart: { 'arguments?': anyObject },
    setBreakpoints: {
      source,
      'breakpoints?': listOf(objectOf({ line, 'column?': column, ...settings })),
      'lines?': listOf(line),
    },
    breakpointLocations: {
      source,
      line,
      'endLine?': line,
      'column?': column,
      'endColumn?': column,
    },
    setFunctionBreakpoints: { breakpoints: listOf(objectOf({ name: anyString, ...settings })) },
    setDataBreakpoints: {
      breakpoints: listOf(objectOf({ dataId: anyString, 'accessType?': access, ...settings })),
    },
    setExceptionBreakpoints: {
      filters: listOf(anyString),
      'filterOptions?': listOf(objectOf({ filterId: anyString, 'condition?': anyString })),
    },
    dataBreakpointInfo: {
      name: anyString,
      'variablesReference?': natural,
      'frameId?': wholeNumber,
    },
    continue: onThread,
    next: onThread,
    stepIn: { ...onThread, 'targetId?': wholeNumber },
    stepOut: onThread,
    stepBack: onThread,
    reverseContinue: onThread,
    pause: onThread,
    restartFrame: { frameId: wholeNumber },
    gotoTargets: { source, line, 'column?': column },
    goto: { ...onThread, targetId: wholeNumber },
    stepInTargets: { 'frameId?': wholeNumber },
    stackTrace: { threadId: wholeNumber, 'startFrame?': natural, 'levels?': natural },
    scopes: { frameId: wholeNumber },
    variables: {
      variablesReference: natural,
      'filter?': wordOf('filter', 'indexed', 'named'),
      'start?': natural,
      'count?': natural,
    },
    evaluate: { expression: anyString, 'context?': anyString, 'frameId?': wholeNumber },
    completions: {
      text: anyString,
      column,
      'line?': line,
      'frameId?': wholeNumber,
    },
    exceptionInfo: onThread,
    cancel: { 'requestId?': wholeNumber, 'progressId?': anyString },
    source: { 'source?': source, 'sourceReference?': wholeNumber },
    'lockstep/findTargets': { 'condition?': anyString },
    'lockstep/find': {
      'mode?': anyString,
      'time?': wordOf('meaning of time', 'timed', 'untimed'),
      'faults?': anyString,
      'target?': anyString,
      'reach?': anyString,
      'leadsTo?': objectOf({ condition: anyString, within: anyString }),
      'inside?': anyString,
      'on?': listOf(anyString),
      'limits?': objectOf({
        'seconds?': positive,
        'states?': positive,
        'runs?': positive,
        'depth?': positive,
        'messages?': positive,
        'megabytes?': positive,
      }),
      'reduction?': truthValue,
      'from?': objectOf({ branch: natural, step: natural }),
      'hasProgress?': truthValue,
    },
    'lockstep/openFinding': { finding: positive },
    'lockstep/savedFinding': { finding: positive },
    'lockstep/panel': { type: anyString },
    'lockstep/saveBranch': {
      branch: natural,
      as: wordOf('branch format', 'scenario', 'trace'),
      'protocol?': anyString,
      'version?': anyString,
    },
    'lockstep/nearest': { branch: natural },
    'lockstep/keepBranches': {
      'branches?': listOf(objectOf({
        number: natural, name: anyString, parent: natural, base: natural,
        actions: listOf(anyObject),
      })),
    },
    'lockstep/branch': {
      type: wordOf('branch command', 'go', 'name', 'delete'),
      branch: natural,
      'step?': natural,
      'name?': anyString,
    },
  }),
);

/** The arguments that only one type of panel command has. */
const panelCommands: ReadonlyMap<unknown, Fields> = new Map<unknown, Fields>([
  ['ready', { panel: anyString }],
  ['hidden', { panel: anyString }],
  ['focus', { kept: anyString }],
  ['goto', { step: wholeNumber, 'branch?': wholeNumber }],
  ['take', { action: anyString }],
  ['scenario step', { index: natural }],
  ['do', { command: anyString }],
  ['select', { panel: anyString }],
  ['ask', { panel: anyString }],
]);

/** Below this depth, nulls are values: of a launch configuration's settings, of a selection. */
const depths: ReadonlyMap<string, number> = new Map([
  ['launch', 1],
  ['lockstep/panel', 1],
  ['restart', 2],
]);

/** The arguments of a request, without fields that are null; refuses wrong ones. */
export function checkedArguments(command: string, given: unknown, bases: Bases): object {
  if (given !== undefined && given !== null && !isObject(given)) {
    throw new RequestRefusal({ code: 'arguments', command });
  }
  const fields = withoutNulls(given ?? {}, depths.get(command) ?? 3) as Record<string, unknown>;
  const panel = command === 'lockstep/panel' ? panelCommands.get(fields.type) : undefined;
  const wrong =
    wrongField(schemas.get(command) ?? {}, fields, '', bases) ??
    wrongField(panel ?? {}, fields, '', bases);
  if (!wrong) return fields;
  const { path, expected, found } = wrong;
  throw new RequestRefusal({ code: 'argument', command, name: `"${path}"`, expected, found });
}
