/**
 * The names of states of a search in which some nodes are alike. It also tries whether they are: a
 * sample of actions is taken again with the nodes in other places, and must have the same effect.
 */
import { contentText } from '../../kernel/data/plain.ts';
import { Effects } from '../../kernel/effects.ts';
import { step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import type { NodeId } from '../../protocol/types.ts';
import { handlerName } from '../../scenario/handler-name.ts';
import { scopeAt } from '../../scenario/conditions/scope.ts';
import type { FaultBudget } from '../budgets.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import { Interner } from '../interning.ts';
import type { Problem } from '../search/problem.ts';
import type { Successor } from '../search/successors.ts';
import type { NoSymmetry } from '../verdict.ts';
import { Canonical } from './canonical.ts';
import { mirrored } from './mirror.ts';
import { AlikeIds, type Names } from './renaming.ts';
import { WorldParts } from './world-parts.ts';

/** Thrown when nodes turn out not to be alike: the search then begins again without. */
export class ToldApart extends Error {
  constructor(readonly why: NoSymmetry) {
    super('the nodes are not alike');
  }
}

/** What a node does is tried once; all else in so many steps, and then in one of so many. */
const stepsTried = 256;
const stepsOneIn = 16;

export class SymmetricNames {
  readonly canonical: Canonical;
  readonly parts: WorldParts;
  private readonly texts = new Interner();
  private readonly ids: AlikeIds;
  private readonly tried = new Set<string>();
  /** Other places of the nodes: each is in each of the places of its group once. */
  private readonly turns: readonly Names[];
  private readonly effects = new Effects();
  private taken = 0;

  constructor(
    private readonly problem: Problem,
    classes: readonly (readonly NodeId[])[],
  ) {
    const { world, setting } = problem;
    this.ids = new AlikeIds(classes.flat(), world.nodes.map(({ id }) => id));
    this.canonical = new Canonical(this.ids, classes, this.texts);
    this.parts = new WorldParts(setting, this.ids, this.texts);
    const most = Math.max(...classes.map(({ length }) => length));
    this.turns = Array.from({ length: most - 1 }, (_, turn) => turned(classes, turn + 1));
  }

  get bytes(): number {
    // Each part keeps the numbers of its texts.
    return this.texts.bytes * 2 + this.parts.bytes;
  }

  of(world: World, left: FaultBudget): Fingerprint {
    return this.canonical.of(this.parts.of(world, left));
  }

  /** Throws if the action has another effect with the alike nodes in other places. */
  try(before: World, left: FaultBudget, successor: Successor): void {
    const kind = this.kindOf(before, successor);
    const isKnown = this.tried.has(kind);
    this.tried.add(kind);
    const count = this.taken++;
    if (!isKnown) {
      for (const names of this.turns) this.tryWith(names, before, left, successor);
    } else if (count < stepsTried || count % stepsOneIn === 0) {
      this.tryWith(this.turns[count % this.turns.length], before, left, successor);
    }
  }

  private tryWith(names: Names, before: World, left: FaultBudget, successor: Successor): void {
    const { world, actions, effects } = successor;
    const other = mirrored(before, this.ids, names);
    if (other === undefined) return;
    const { ids } = this.ids;
    const isSame = this.isTargetSame(before, other) && actions.every((one) => {
      return step(other, this.ids.renamed(one, names), this.effects);
    });
    const expected = this.canonical.under(this.parts.of(world, left), names);
    const found = this.canonical.under(this.parts.of(other, left), ids);
    const isAlike = isSame && expected.high === found.high && expected.low === found.low &&
      this.shownOf(effects, names) === this.shownOf(this.effects, ids);
    if (isAlike) return;
    const where = handlerName(actions.at(-1)!, effects).name;
    const acted = this.ids.numbers.get(before.nodes[effects.acted]?.id ?? '');
    const moved = acted ?? ids.findIndex((id, number) => names[number] !== id);
    throw new ToldApart({ code: 'told-apart', names: [ids[moved], names[moved]], where });
  }

  /** The state of the node that acts, and what it does: all that its handler depends on. */
  private kindOf(before: World, { actions, effects }: Successor): string {
    const { message } = effects;
    const action = { ...actions.at(-1)!, ordinal: 0, copy: 0 };
    const slot = before.nodes[effects.acted];
    const node = slot === undefined ? -1 : this.parts.ofNode(slot).number(this.ids.ids);
    return `${node} ${contentText(action)} ${contentText(message?.body)}`;
  }

  private isTargetSame(before: World, other: World): boolean {
    const { reach, within, nodeWithin } = this.problem.targets;
    const valuesOf = (world: World) => JSON.stringify([
      reach?.test(scopeAt(world)), within?.test(scopeAt(world)),
      nodeWithin && world.nodes.every(nodeWithin),
    ]);
    return valuesOf(before) === valuesOf(other);
  }

  /** What observers see of a step, and what they found. */
  private shownOf({ events, replies, violations, failure, lost }: Effects, names: Names): string {
    return this.ids.textOf([
      events.map(({ node, name, fields }) => [node, name, fields]),
      replies.map(({ node, operation, ok, result }) => [node, operation, ok, result]),
      violations.map(({ monitor }) => monitor), failure?.node ?? null, lost,
    ], names);
  }
}

/** The nodes of each group, turned by a number of places. */
function turned(classes: readonly (readonly NodeId[])[], by: number): Names {
  return classes.flatMap((nodes) => nodes.map((_, at) => nodes[(at + by) % nodes.length]));
}
