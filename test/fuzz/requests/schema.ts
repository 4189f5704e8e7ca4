/** Which arguments are wrong by the protocol's own schema: no request may succeed with them. */

/** What is expected of a value: undefined if it fits, else what is wrong with it. */
type Rule = (value: unknown, base: number) => string | undefined;

const kind = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

const whole: Rule = (value) =>
  typeof value !== 'number' ? kind(value) : Number.isInteger(value) ? undefined : 'not whole';
const atLeast =
  (least: number): Rule =>
  (value, base) =>
    whole(value, base) ?? ((value as number) < least ? `less than ${least}` : undefined);
const natural = atLeast(0);
/** A line or a column, counted from where the client counts. */
const place: Rule = (value, base) => atLeast(base)(value, base);
const string: Rule = (value) => (typeof value === 'string' ? undefined : kind(value));
const filled: Rule = (value) => (value === '' ? 'empty' : string(value, 0));
const truth: Rule = (value) => (typeof value === 'boolean' ? undefined : kind(value));
const list: Rule = (value) => (Array.isArray(value) ? undefined : kind(value));
const object: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : kind(value);
const oneOf =
  (...words: string[]): Rule =>
  (value) =>
    words.includes(value as string) ? undefined : `none of ${words.join(', ')}`;
const source: Rule = (value, base) => {
  const wrong = object(value, base);
  if (wrong) return wrong;
  const { path, sourceReference } = value as { path?: unknown; sourceReference?: unknown };
  if (path !== undefined && path !== null && typeof path !== 'string') return `path: ${kind(path)}`;
  return sourceReference === undefined || sourceReference === null
    ? undefined
    : whole(sourceReference, base);
};

/** `!` marks what is required; anything else may be absent or null. */
type Fields = Readonly<Record<string, Rule>>;

const onThread: Fields = { threadId: whole };
const launch: Fields = {
  'program!': filled,
  noDebug: truth,
  stopOnEntry: truth,
  panels: truth,
  trusted: truth,
  seed: natural,
  breakOn: list,
  args: object,
  root: string,
};

const fields: Readonly<Record<string, Fields>> = {
  initialize: { linesStartAt1: truth, columnsStartAt1: truth, pathFormat: string },
  launch,
  restart: { arguments: object },
  setBreakpoints: { 'source!': source, breakpoints: list, lines: list },
  setFunctionBreakpoints: { 'breakpoints!': list },
  setDataBreakpoints: { 'breakpoints!': list },
  setExceptionBreakpoints: { 'filters!': list, filterOptions: list },
  breakpointLocations: {
    'source!': source,
    'line!': place,
    endLine: place,
    column: place,
    endColumn: place,
  },
  dataBreakpointInfo: { 'name!': string, variablesReference: natural, frameId: whole },
  continue: onThread,
  next: onThread,
  stepIn: { ...onThread, targetId: whole },
  stepOut: onThread,
  stepBack: onThread,
  reverseContinue: onThread,
  pause: onThread,
  restartFrame: { 'frameId!': whole },
  gotoTargets: { 'source!': source, 'line!': place },
  goto: { ...onThread, 'targetId!': whole },
  stepInTargets: { frameId: whole },
  stackTrace: { 'threadId!': whole, startFrame: natural, levels: natural },
  scopes: { 'frameId!': whole },
  variables: {
    'variablesReference!': natural,
    start: natural,
    count: natural,
    filter: oneOf('indexed', 'named'),
  },
  evaluate: { 'expression!': string, frameId: whole, context: string },
  completions: { 'text!': string, 'column!': place, line: place, frameId: whole },
  exceptionInfo: onThread,
  source: { sourceReference: whole },
  'lockstep/panel': { 'type!': string },
};

const wish: Fields = { condition: string, hitCondition: string, logMessage: string };

/** The elements of lists: for these it is enough that the element itself is not granted. */
const elements: Readonly<Record<string, Readonly<Record<string, Fields>>>> = {
  setBreakpoints: { breakpoints: { 'line!': place, column: place, ...wish } },
  setFunctionBreakpoints: { breakpoints: { 'name!': filled, ...wish } },
  setDataBreakpoints: {
    breakpoints: { 'dataId!': string, accessType: oneOf('read', 'write', 'readWrite'), ...wish },
  },
};

/** Returns the first argument that no request may accept, as `field: what is wrong`. */
export function wrongArgument(command: string, args: unknown, base: number): string | undefined {
  if (args !== undefined && object(args, base)) {
    return fields[command] ? `arguments: ${kind(args)}` : undefined;
  }
  return wrongField(fields[command] ?? {}, (args ?? {}) as Record<string, unknown>, base);
}

function wrongField(
  rules: Fields,
  given: Record<string, unknown>,
  base: number,
): string | undefined {
  for (const [mark, rule] of Object.entries(rules)) {
    const name = mark.replace('!', '');
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const isAbsent = value === undefined || value === null;
    if (isAbsent && !mark.endsWith('!')) continue;
    const wrong = isAbsent ? (value === null ? 'null' : 'missing') : rule(value, base);
    if (wrong) return `${name}: ${wrong}`;
  }
  return undefined;
}

/** The elements that may not be granted, by their positions, and what is wrong with each. */
export function wrongElements(command: string, args: unknown, base: number): Map<number, string> {
  const found = new Map<number, string>();
  const rules = Object.hasOwn(elements, command) ? elements[command] : {};
  for (const [name, fieldRules] of Object.entries(rules)) {
    const given = (args as Record<string, unknown> | undefined)?.[name];
    if (!Array.isArray(given)) continue;
    given.forEach((element: unknown, index) => {
      const wrong =
        object(element, base) ??
        wrongField(fieldRules, element as Record<string, unknown>, base);
      if (wrong) found.set(index, wrong);
    });
  }
  return found;
}
