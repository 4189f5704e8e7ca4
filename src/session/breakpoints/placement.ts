/** Where a breakpoint can stand: the line, event or handler that a person's wish comes down to. */
import type { Plan } from '../../kernel/plan.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { didYouMean, oneOf } from '../../scenario/suggest.ts';
import { handlersOf, type Trigger } from './breakpoint.ts';
import type { Code } from '../../code/code.ts';
import type { Site } from '../../code/transform/instrument.ts';

export type Placed =
  | {
      readonly trigger: Trigger;
      readonly line?: number;
      readonly column?: number;
      /** The local names that a condition may speak of. */
      readonly names?: readonly string[];
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

/** A statement of a protocol's source: the first at or after a place of a line, or a later line. */
export function placeInCode(code: Code, file: string, line: number, column?: number): Placed {
  const { variants } = code;
  if (!variants) return { problem: code.whyNoLines ?? 'the lines of this protocol are not known' };
  const here = sitesOn(variants.sites, file, line);
  const later = variants.sites.filter((one) => one.file === file && one.line > line);
  const next = Math.min(...later.map((one) => one.line));
  const site =
    (column === undefined ? first(here) : atColumn(here, column)) ??
    first(later.filter((one) => one.line === next));
  if (site === undefined) return { problem: 'no statement stands at this line or after it' };
  const drawing = variants.drawing(site);
  if (drawing !== undefined) {
    return { problem: `\`${drawing}\` is asked when something is drawn: no run comes here` };
  }
  const moved = site.line === line ? {} : { moved: 'moved to the next line with a statement' };
  const trigger: Trigger = { type: 'line', site: site.id };
  const asked = column === undefined ? {} : { column: site.column };
  return { trigger, line: site.line, names: site.names, ...asked, ...moved };
}

/** The next one from a column on, else the last one of the line. */
function atColumn(sites: readonly Site[], column: number): Site | undefined {
  return sites.find((one) => one.column >= column) ?? sites.at(-1);
}

/** The one that is come to first: the list of a loop before its items. Sites are numbered so. */
function first(sites: readonly Site[]): Site | undefined {
  return [...sites].sort((one, other) => one.id - other.id)[0];
}

/** The statements that begin on a line, in its order. */
export function sitesOn(sites: readonly Site[], file: string, line: number): Site[] {
  return sites
    .filter((one) => one.file === file && one.line === line)
    .sort((one, other) => one.column - other.column);
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
