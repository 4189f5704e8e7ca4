/** Resolves what the user asked for to the line, event or handler that holds the breakpoint. */
import type { NodeId } from '../../protocol/types.ts';
import type { Plan } from '../../kernel/plan.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { nearestWord } from '../../scenario/suggest.ts';
import { handlersOf, type Trigger } from './breakpoint.ts';
import type { Code } from '../../code/code.ts';
import type { Site } from '../../code/transform/instrument.ts';

export type Placed =
  | {
      readonly trigger: Trigger;
      readonly line?: number;
      readonly column?: number;
      /** The local names that a condition may use. */
      readonly names?: readonly string[];
      /** What it was moved to, if the requested line cannot hold one. */
      readonly moved?: 'next command' | 'next statement';
    }
  | { readonly problem: PlacementProblem };

export type PlacementProblem =
  /** Neither the scenario nor a source of its protocol. */
  | { readonly type: 'other file' }
  /** Nothing that can hold a breakpoint is on the line or after it. */
  | { readonly type: 'no command' | 'no statement' }
  | { readonly type: 'no lines'; readonly protocol: string; readonly why?: string }
  /** The function only draws a node or a message. */
  | { readonly type: 'only draws'; readonly function: string }
  | { readonly type: 'not a name' }
  | { readonly type: 'unknown node'; readonly node: string; readonly nodes: readonly string[] }
  | { readonly type: 'unknown name'; readonly name: string; readonly similar?: string }
  | { readonly type: 'unknown filter'; readonly filter: string }
  | { readonly type: 'not in a state' }
  /** A data breakpoint on reads. */
  | { readonly type: 'not on writes' };

/** The command on a line of the scenario, or the next one. */
export function placeInScenario(scenario: Scenario, line: number): Placed {
  const { steps } = scenario;
  const here = steps.find(({ range }) => range.line <= line && line <= range.endLine);
  const step = here ?? steps.find(({ range }) => range.line > line);
  if (step === undefined) return { problem: { type: 'no command' } };
  const trigger: Trigger = { type: 'scenario', step: step.index };
  const moved = step.range.line === line ? {} : ({ moved: 'next command' } as const);
  return { trigger, line: step.range.line, ...moved };
}

/** The first statement of a protocol's source at or after a line, or a column of it. */
export function placeInCode(code: Code, file: string, line: number, column?: number): Placed {
  const { variants, whyNoLines: why, protocol } = code;
  if (!variants) {
    const reason = why === undefined ? {} : { why };
    return { problem: { type: 'no lines', protocol: protocol.name, ...reason } };
  }
  const here = sitesWithin(variants.sites, file, (one) => one === line);
  const next = sitesOf(variants.sites, file).find((one) => one.line > line)?.line;
  const site =
    (column === undefined ? first(here) : atColumn(here, column)) ??
    first(sitesWithin(variants.sites, file, (one) => one === next));
  if (site === undefined) return { problem: { type: 'no statement' } };
  const drawing = variants.drawing(site);
  if (drawing !== undefined) return { problem: { type: 'only draws', function: drawing } };
  const moved = site.line === line ? {} : ({ moved: 'next statement' } as const);
  const trigger: Trigger = { type: 'line', site: site.id };
  const asked = column === undefined ? {} : { column: site.column };
  return { trigger, line: site.line, names: site.names, ...asked, ...moved };
}

/** The first one at or after a column, else the last one of the line. */
function atColumn(sites: readonly Site[], column: number): Site | undefined {
  return sites.find((one) => one.column >= column) ?? sites.at(-1);
}

/** The one that runs first, such as the list of a loop before its items: sites have that order. */
function first(sites: readonly Site[]): Site | undefined {
  return [...sites].sort((one, other) => one.id - other.id)[0];
}

const sitesOfFiles = new WeakMap<readonly Site[], Map<string, readonly Site[]>>();

/** The statements of a file, in the order of its text: an editor places many breakpoints. */
function sitesOf(sites: readonly Site[], file: string): readonly Site[] {
  const known = sitesOfFiles.get(sites) ?? new Map<string, readonly Site[]>();
  const found =
    known.get(file) ??
    sites
      .filter((one) => one.file === file)
      .sort((one, other) => one.line - other.line || one.column - other.column);
  sitesOfFiles.set(sites, known.set(file, found));
  return found;
}

/** The statements that begin on some lines of a file, in the order of its text. */
export function sitesWithin(
  sites: readonly Site[],
  file: string,
  isWithin: (line: number) => boolean,
): Site[] {
  return sitesOf(sites, file).filter((one) => isWithin(one.line));
}

/**
 * A message, timer, operation or event by its name: `RequestVote`, `n3:LockExpired`. `joining` are
 * the nodes that the scenario adds.
 */
export function placeByName(
  plan: Plan,
  text: string,
  joining: readonly NodeId[] = [],
): Placed {
  const match = /^\s*(?:(\S+?)\s*:\s*)?([A-Za-z_]\w*)\s*$/.exec(text);
  if (!match) return { problem: { type: 'not a name' } };
  const [, id, name] = match;
  const nodes = [...new Set([...plan.indexOf.keys(), ...joining])];
  if (id !== undefined && !nodes.includes(id)) {
    return { problem: { type: 'unknown node', node: id, nodes } };
  }
  const where = id === undefined ? {} : { node: id };
  const { events } = plan.setup.protocol;
  if (Object.hasOwn(events, name)) return { trigger: { type: 'event', name, ...where } };
  const handlers = handlersOf(plan).filter(([, kind]) => kind !== 'start');
  const found = handlers.find(([, , handled]) => handled === name);
  if (found) return { trigger: { type: 'function', kind: found[1], name, ...where } };
  const known = [...Object.keys(events), ...handlers.map(([, , handled]) => handled)];
  const similar = nearestWord(name, known);
  const hint = similar === undefined ? {} : { similar };
  return { problem: { type: 'unknown name', name, ...hint } };
}

/** The id by which a client keeps a part of a node's state; `placeByDataId` reads it. */
export function dataId(plan: Plan, node: number, path: readonly string[]): string {
  return JSON.stringify([plan.cast[node].id, ...path]);
}

export function placeByDataId(plan: Plan, id: string): Placed {
  const [name, ...path] = stringsOf(id);
  const node = name === undefined ? undefined : plan.indexOf.get(name);
  // No state has a field that every object inherits.
  const isPart = path.length > 0 && !path.some((key) => key in Object.prototype);
  if (node === undefined || !isPart) return { problem: { type: 'not in a state' } };
  return { trigger: { type: 'data', node, path } };
}

/** A list of strings as JSON; empty if it is anything else: clients keep ids of other sessions. */
function stringsOf(json: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : [];
  } catch {
    return [];
  }
}

/** The part of a state that an expression such as `n1.state.log[3].term` names, if it does. */
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
