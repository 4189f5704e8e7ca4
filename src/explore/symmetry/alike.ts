/** Which nodes of a problem are alike: those of a role that says so, if nothing names them. */
import { HistoryMonitor } from '../../check/history/recording.ts';
import { contentText } from '../../kernel/data/plain.ts';
import type { World } from '../../kernel/world.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { Scenario, Step } from '../../scenario/scenario.ts';
import { drawsLosses } from '../fingerprint/parts.ts';
import type { Problem } from '../search/problem.ts';
import type { NoSymmetry, Symmetry } from '../verdict.ts';

/** Undefined if the protocol declares no nodes alike. */
export function symmetryOf(problem: Problem): Symmetry | undefined {
  const { world } = problem;
  const declared = new Map<string, NodeId[]>();
  for (const { id, cast } of world.nodes) {
    if (cast.role.alike !== true) continue;
    declared.set(cast.roleName, [...(declared.get(cast.roleName) ?? []), id]);
  }
  const candidates = [...declared.values()].filter(({ length }) => length > 1);
  if (candidates.length === 0) return undefined;
  const why = whyNone(problem);
  if (why !== undefined) return { none: why };
  const named = namedIn(problem);
  const { faulty } = problem.setting;
  const groups = new Map<string, NodeId[]>();
  for (const id of candidates.flat()) {
    if (named.has(id)) continue;
    const { roleName, options } = world.node(id)!.cast;
    const key = contentText([roleName, options, faulty === undefined || faulty.includes(id)]);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  const alike = [...groups.values()].filter(({ length }) => length > 1);
  return alike.length === 0 ? { none: { code: 'named' } } : { alike };
}

function whyNone({ world, setting, targets }: Problem): NoSymmetry | undefined {
  if (setting.time === 'timed') return { code: 'timed' };
  if (drawsLosses(world.network)) return { code: 'draws' };
  if (targets.leadsTo !== undefined) return { code: 'leads-to' };
  if (world.plan.hasConnections) return { code: 'connections' };
  if (world.monitors.some((one) => one instanceof HistoryMonitor)) return { code: 'history' };
  const choosing = setting.scenario?.steps.find(isChoosing);
  return choosing && { code: 'choosing-step', text: choosing.text };
}

/** Whether the step takes the first node or message that fits, or draws, or adds a node. */
function isChoosing({ command }: Step): boolean {
  const { type } = command;
  if (type === 'nemesis' || type === 'repeat' || type === 'add') return true;
  if ('which' in command) return !('exact' in command.which);
  return hasStanding(command);
}

function hasStanding(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || isExpression(value)) return false;
  return 'standing' in value || Object.values(value).some(hasStanding);
}

/** The nodes that the scenario or the target of the search names. */
function namedIn({ world, setting, targets }: Problem): Set<NodeId> {
  const ids = world.nodes.map(({ id }) => id);
  const texts: string[] = [];
  const { scenario, operations } = setting;
  collect(operations, texts);
  collect([targets.reach, targets.within], texts);
  if (scenario !== undefined) collect(partsOf(scenario), texts);
  return named(ids, texts, world);
}

function partsOf({ steps, expect, until }: Scenario): unknown {
  const ofSteps = steps.map(({ text, command, placement }) => [text, command, placement]);
  return [ofSteps, expect, until];
}

/** All strings; of an expression, its text. */
function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  if (typeof value !== 'object' || value === null) return;
  if (isExpression(value)) {
    texts.push(value.text);
    return;
  }
  for (const part of Object.values(value)) collect(part, texts);
}

function isExpression(value: object): value is { readonly text: string } {
  return 'test' in value && typeof value.test === 'function' && 'text' in value;
}

function named(ids: readonly NodeId[], texts: readonly string[], { nodes }: World): Set<NodeId> {
  const all = new Set<NodeId>();
  const words = new Set(texts.flatMap((text) => text.split(/[^\w-]+/).concat(text.split(/\W+/))));
  for (const id of ids) if (words.has(id) || texts.includes(id)) all.add(id);
  // The place of a node in the list names it, too.
  if (texts.some((text) => /\bnodes\s*\[/.test(text))) for (const { id } of nodes) all.add(id);
  return all;
}
