/** The arguments that requests cannot do without: a client may be of any make. */
import { Refusal } from './refusal.ts';

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

/** The arguments of a request, if it has those that it needs. */
export function checkedArguments(command: string, given: unknown): object {
  const fields = given ?? {};
  if (typeof fields !== 'object' || Array.isArray(fields)) {
    throw new Refusal(`The arguments of ${command} must be an object.`);
  }
  for (const [name, kind] of Object.entries(required[command] ?? {})) {
    const found = kindOf((fields as Record<string, unknown>)[name]);
    if (found !== kind) {
      throw new Refusal(`${command} needs "${name}" (${kind}); it is ${found}.`);
    }
  }
  return fields;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  return Array.isArray(value) ? 'list' : typeof value;
}
