/** Where a breakpoint can stand: the line, event or handler that a person's wish comes down to. */
import type { Plan } from '../kernel/plan.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { didYouMean, oneOf } from '../scenario/suggest.ts';
import { handlersOf, type Trigger } from './breakpoint.ts';
import type { Code, FunctionPlace } from './code.ts';

export type Placed =
  | {
      readonly trigger: Trigger;
      readonly line?: number;
      /** Why it does not stand where it was asked for. */
      readonly moved?: string;
    }
  | { readonly problem: string };

/** A line of the scenario: the command there, or the next one. */
export function placeInScenario(scenario: Scenario, line: number): Placed {
  const { steps } = scenario;
  const here = steps.find(({ range }) => range.line <= line && line <= range.endLine);
  const step = here ?? steps.find(({ range }) => range.line > line);
  if (step === undefined) return { problem: 'there is no command at this line or after it' };
  const trigger: Trigger = { type: 'scenario', step: step.index };
  const moved = step.range.line === line ? {} : { moved: 'moved to the next line with a command' };
  return { trigger, line: step.range.line, ...moved };
}

/** A line of a protocol's source: a line that reports or sends, else the entry of its handler. */
export function placeInCode(code: Code, plan: Plan, file: string, line: number): Placed {
  const handlers = new Set(handlersOf(plan).map(([handler]) => code.placeOf(handler)));
  const inFile = code.functions.filter((place) => place.file === file);
  const around = inFile.filter((place) => place.line <= line && line <= place.endLine);
  const handler = smallest(around.filter((place) => handlers.has(place)));
  if (handler && line <= handler.firstLine) return atEntry(handler, line);
  if (around.some(({ calls }) => calls.some((call) => call.line === line))) {
    return { trigger: { type: 'line', file, line }, line };
  }
  if (handler) return atEntry(handler, line);
  const called = smallest(around.filter(({ name }) => name !== 'function')) ?? smallest(around);
  if (called) return inCalled(called, line);
  const next = inFile
    .filter((place) => handlers.has(place) && place.line > line)
    .sort((a, b) => a.line - b.line)[0];
  return next ? atEntry(next, line) : { problem: 'no handler stands at this line or after it' };
}

function atEntry(place: FunctionPlace, line: number): Placed {
  const moved =
    place.firstLine === line ? {} : { moved: `moved to the first line of ${place.name}` };
  return { trigger: { type: 'handler', place }, line: place.firstLine, ...moved };
}

/** In a function that handlers call, only lines that do something to the world can stop. */
function inCalled(place: FunctionPlace, line: number): Placed {
  const lines = place.calls.map((call) => call.line).sort((a, b) => a - b);
  const to = lines.find((one) => one >= line) ?? lines.at(-1);
  if (to === undefined) {
    const problem = `${place.name} neither sends nor reports: set it in a handler that calls it`;
    return { problem };
  }
  const trigger: Trigger = { type: 'line', file: place.file, line: to };
  return {
    trigger,
    line: to,
    moved: `moved to the next line of ${place.name} that sends or reports`,
  };
}

function smallest(places: readonly FunctionPlace[]): FunctionPlace | undefined {
  const size = (place: FunctionPlace) => place.endLine - place.line;
  return [...places].sort((a, b) => size(a) - size(b))[0];
}

/** `RequestVote`, `n3:LockExpired`: a message, timer, operation or event by its name. */
export function placeByName(plan: Plan, text: string): Placed {
  const match = /^\s*(?:(\S+?)\s*:\s*)?([A-Za-z_]\w*)\s*$/.exec(text);
  if (!match) return { problem: 'expected the name of a message, timer, operation or event' };
  const [, id, name] = match;
  const node = id === undefined ? undefined : plan.indexOf.get(id);
  if (id !== undefined && node === undefined) {
    const nodes = [...plan.indexOf.keys()];
    return { problem: `there is no node ${id}: there are ${oneOf(nodes)}` };
  }
  const where = node === undefined ? {} : { node };
  const { events } = plan.setup.protocol;
  if (name in events) return { trigger: { type: 'event', name, ...where } };
  const handlers = handlersOf(plan).filter(([, kind]) => kind !== 'start');
  const found = handlers.find(([, , handled]) => handled === name);
  if (found) return { trigger: { type: 'function', kind: found[1], name, ...where } };
  const known = [...Object.keys(events), ...handlers.map(([, , handled]) => handled)];
  const hint = didYouMean(name, known);
  const problem = `no message, timer, operation or event is named ${name}`;
  return { problem: hint ? `${problem} (${hint})` : problem };
}

/** The id of a part of a node's state as a client keeps it, and back. */
export function dataId(plan: Plan, node: number, path: readonly string[]): string {
  return JSON.stringify([plan.cast[node].id, ...path]);
}

export function placeByDataId(plan: Plan, id: string): Placed {
  try {
    const [name, ...path] = JSON.parse(id) as string[];
    const node = plan.indexOf.get(name);
    if (node !== undefined) return { trigger: { type: 'data', node, path: path.map(String) } };
  } catch {}
  return { problem: "this names no part of a node's state" };
}

/** The part of a state that an expression such as `n1.state.log[3].term` is, if it is one. */
export function partOfExpression(
  plan: Plan,
  text: string,
  here: number | undefined,
): { node: number; path: string[] } | undefined {
  const words = text.trim().match(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\]|\["[^"]*"\])*$/);
  if (!words) return undefined;
  const path = [...text.trim().matchAll(/([A-Za-z_]\w*)|\[(\d+)\]|\["([^"]*)"\]/g)].map(
    ([, word, index, quoted]) => word ?? index ?? quoted,
  );
  const named = path[0] === 'node' || path[0] === 'state' ? here : plan.indexOf.get(path[0]);
  if (named === undefined) return undefined;
  const rest =
    path[0] === 'state' ? path.slice(1) : path[1] === 'state' ? path.slice(2) : undefined;
  return rest && rest.length > 0 ? { node: named, path: rest } : undefined;
}
