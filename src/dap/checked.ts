/** Checks that a request has the arguments that it needs: any client may send it. */
import { RequestRefusal } from './refusal.ts';

type Kind = 'number' | 'string' | 'object' | 'list';

const required: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  setBreakpoints: { source: 'object' },
  breakpointLocations: { source: 'object', line: 'number' },
  setFunctionBreakpoints: { breakpoints: 'list' },
  setDataBreakpoints: { breakpoints: 'list' },
  setExceptionBreakpoints: { filters: 'list' },
  dataBreakpointInfo: { name: 'string' },
  restartFrame: { frameId: 'number' },
  gotoTargets: { source: 'object', line: 'number' },
  goto: { targetId: 'number' },
  stackTrace: { threadId: 'number' },
  scopes: { frameId: 'number' },
  variables: { variablesReference: 'number' },
  evaluate: { expression: 'string' },
  completions: { text: 'string', column: 'number' },
  source: { sourceReference: 'number' },
  'lockstep/panel': { type: 'string' },
};

/** The arguments of a request; refuses one that lacks some. */
export function checkedArguments(command: string, given: unknown): object {
  const fields = given ?? {};
  if (typeof fields !== 'object' || Array.isArray(fields)) {
    throw new RequestRefusal({ code: 'arguments', command });
  }
  for (const [name, kind] of Object.entries(required[command] ?? {})) {
    const value = (fields as Record<string, unknown>)[name];
    if (kindOf(value) === kind) continue;
    throw new RequestRefusal({
      code: 'argument',
      command,
      name: `"${name}"`,
      expected: kind,
      found: value,
    });
  }
  return fields;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}
