/** What a successful response must hold, by the schema of the protocol. */

/** Adds to `faults` what is wrong with a value. */
type Shape = (value: unknown, at: string, faults: string[]) => void;

export interface Asked {
  readonly args: Record<string, unknown>;
  /** 1 or 0: from where the client counts lines. */
  readonly lineBase: number;
  readonly columnBase: number;
}

const must =
  (what: string, fits: (value: unknown) => boolean): Shape =>
  (value, at, faults) => {
    if (!fits(value)) faults.push(`${at} must be ${what}`);
  };
const whole = (least = -Infinity): Shape =>
  must(`a whole number${least > -Infinity ? ` from ${least} on` : ''}`, (value) =>
    Number.isSafeInteger(value) && (value as number) >= least,
  );
const string = must('a string', (value) => typeof value === 'string');
const filled = must('a string with text', (value) => typeof value === 'string' && value !== '');
const truth = must('true or false', (value) => typeof value === 'boolean');
const list =
  (item: Shape): Shape =>
  (value, at, faults) => {
    if (!Array.isArray(value)) faults.push(`${at} must be a list`);
    else value.forEach((one: unknown) => item(one, `${at}[]`, faults));
  };
const record =
  (required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape =>
  (value, at, faults) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      faults.push(`${at} must be an object`);
      return;
    }
    const given = value as Record<string, unknown>;
    for (const [name, shape] of Object.entries(required)) shape(given[name], `${at}.${name}`, faults);
    for (const [name, shape] of Object.entries(optional)) {
      if (given[name] !== undefined) shape(given[name], `${at}.${name}`, faults);
    }
  };

const source: Shape = (value, at, faults) => {
  record({}, { name: filled, path: filled, sourceReference: whole(0) })(value, at, faults);
  const { path, sourceReference } = (value ?? {}) as { path?: string; sourceReference?: number };
  if (!path && !sourceReference) faults.push(`${at} has neither path nor sourceReference`);
};

const frame = ({ lineBase, columnBase }: Asked): Shape => (value, at, faults) => {
  record(
    { id: whole(), name: filled, line: whole(0), column: whole(0) },
    { source, endLine: whole(0), endColumn: whole(0), presentationHint: filled, canRestart: truth },
  )(value, at, faults);
  const one = (value ?? {}) as Record<string, number | string | undefined>;
  if (one.source === undefined) return;
  if ((one.line as number) < lineBase) faults.push(`${at}.line is before the first`);
  if ((one.column as number) < columnBase) faults.push(`${at}.column is before the first`);
  if (one.endLine !== undefined && one.endLine < one.line!) faults.push(`${at} ends before it begins`);
};

const breakpoint = ({ lineBase }: Asked): Shape =>
  record(
    { verified: truth },
    { id: whole(0), message: filled, line: whole(lineBase), column: whole(0), source },
  );

const variable = record(
  { name: string, value: string, variablesReference: whole(0) },
  {
    type: filled,
    evaluateName: filled,
    namedVariables: whole(0),
    indexedVariables: whole(0),
    presentationHint: record({}),
  },
);

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);

type Body = Record<string, unknown>;
type Check = (body: Body, asked: Asked, faults: string[]) => void;

const sameLength =
  (...names: string[]): Check =>
  (body, asked, faults) => {
    list(breakpoint(asked))(body.breakpoints, 'breakpoints', faults);
    const wanted = names.reduce((sum, name) => sum + lengthOf(asked.args[name]), 0);
    const { breakpoints, lines } = asked.args;
    const expected = names[0] === 'breakpoints' && breakpoints === undefined ? lengthOf(lines) : wanted;
    if (lengthOf(body.breakpoints) !== expected) {
      faults.push('breakpoints has not one entry for each that was asked for');
    }
  };

const targets = list(record({ id: whole(), label: filled }, { line: whole(0) }));

const checks: Readonly<Record<string, Check>> = {
  initialize: (body, _asked, faults) =>
    record({}, {
      exceptionBreakpointFilters: list(record({ filter: filled, label: filled })),
      supportsConfigurationDoneRequest: truth,
    })(body, 'body', faults),
  threads(body, _asked, faults) {
    list(record({ id: whole(), name: filled }))(body.threads, 'threads', faults);
    unique(body.threads, 'id', 'threads', faults);
  },
  stackTrace(body, asked, faults) {
    list(frame(asked))(body.stackFrames, 'stackFrames', faults);
    unique(body.stackFrames, 'id', 'stackFrames', faults);
    const { startFrame = 0, levels = 0 } = asked.args as { startFrame?: number; levels?: number };
    const count = lengthOf(body.stackFrames);
    if (levels > 0 && count > levels) faults.push('there are more frames than levels');
    if (body.totalFrames === undefined) return;
    whole(0)(body.totalFrames, 'totalFrames', faults);
    if (count > 0 && (body.totalFrames as number) < startFrame + count) {
      faults.push('totalFrames is less than the frames that were sent');
    }
  },
  scopes: (body, _asked, faults) =>
    list(
      record(
        { name: filled, variablesReference: whole(0), expensive: truth },
        { namedVariables: whole(0), indexedVariables: whole(0), line: whole(0), source },
      ),
    )(body.scopes, 'scopes', faults),
  variables(body, { args }, faults) {
    list(variable)(body.variables, 'variables', faults);
    const count = args.count as number | undefined;
    if (count !== undefined && count > 0 && lengthOf(body.variables) > count) {
      faults.push('there are more variables than count');
    }
  },
  setBreakpoints: sameLength('breakpoints'),
  setFunctionBreakpoints: sameLength('breakpoints'),
  setDataBreakpoints: sameLength('breakpoints'),
  setExceptionBreakpoints(body, asked, faults) {
    if (body.breakpoints !== undefined) sameLength('filters', 'filterOptions')(body, asked, faults);
  },
  dataBreakpointInfo(body, _asked, faults) {
    filled(body.description, 'description', faults);
    if (body.dataId !== null) filled(body.dataId, 'dataId', faults);
  },
  breakpointLocations(body, { args, lineBase, columnBase }, faults) {
    const from = args.line as number;
    const to = (args.endLine as number | undefined) ?? from;
    const place = record({ line: whole(lineBase) }, { column: whole(columnBase) });
    list(place)(body.breakpoints, 'breakpoints', faults);
    for (const { line } of (body.breakpoints as { line: number }[]) ?? []) {
      if (line < from || line > to) faults.push('a location is outside of the range');
    }
  },
  evaluate: (body, _asked, faults) =>
    record(
      { result: string, variablesReference: whole(0) },
      { type: filled, namedVariables: whole(0), indexedVariables: whole(0) },
    )(body, 'body', faults),
  completions(body, { args, columnBase }, faults) {
    const target = record({ label: filled }, { start: whole(), length: whole(0), text: filled });
    list(target)(body.targets, 'targets', faults);
    const end = String(args.text).length + columnBase;
    for (const one of (body.targets as { start?: number; length?: number }[]) ?? []) {
      const { start = 0, length = 0 } = one;
      if (start < 0 || start + length > end) faults.push('a completion replaces what is not there');
    }
  },
  exceptionInfo: (body, _asked, faults) =>
    record({ exceptionId: filled, breakMode: filled }, { description: filled })(body, 'body', faults),
  loadedSources(body, _asked, faults) {
    list(source)(body.sources, 'sources', faults);
    unique(body.sources, 'path', 'sources', faults);
  },
  source: (body, _asked, faults) => string(body.content, 'content', faults),
  gotoTargets: (body, _asked, faults) => targets(body.targets, 'targets', faults),
  stepInTargets: (body, _asked, faults) => targets(body.targets, 'targets', faults),
};

function unique(value: unknown, key: string, at: string, faults: string[]): void {
  if (!Array.isArray(value)) return;
  const keys = value.map((one) => (one as Record<string, unknown>)[key]);
  if (new Set(keys).size !== keys.length) faults.push(`two of ${at} have the same ${key}`);
}

/** The sizes beyond which a response was not bounded. */
const bytesMost = 8_000_000;

/** What is wrong with the body of a successful response; empty if nothing is. */
export function bodyFaults(command: string, body: unknown, asked: Asked): string[] {
  const faults: string[] = [];
  const check = Object.hasOwn(checks, command) ? checks[command] : undefined;
  if (check) {
    if (typeof body !== 'object' || body === null) return ['the body is missing'];
    check(body as Body, asked, faults);
  }
  if ((JSON.stringify(body) ?? '').length > bytesMost) faults.push('the body has no bound');
  return [...new Set(faults)];
}
