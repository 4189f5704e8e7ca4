/**
 * The names of tuples in which some nodes are alike: those of the worlds that they stand for, whose
 * parts are known for each number of a tuple. Each step of a node is tried with the nodes in other
 * places when it is met first, in a world with nothing else in flight, and so is one in many later.
 */
import type { Action } from '../../../kernel/action.ts';
import { Effects } from '../../../kernel/effects.ts';
import { Queue } from '../../../kernel/pending.ts';
import { step } from '../../../kernel/step.ts';
import type { World } from '../../../kernel/world.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { copy } from '../../../kernel/data/plain.ts';
import type { Fingerprint } from '../../fingerprint/fingerprint.ts';
import type { Part } from '../../symmetry/canonical.ts';
import { SymmetricNames } from '../../symmetry/symmetric.ts';
import type { Problem } from '../problem.ts';
import { type Child, controlAt, crashesAt, networkAt, operationsAt } from './child.ts';
import type { Control } from './control.ts';
import type { LocalSteps, Result } from './local.ts';
import type { Networks } from './networks.ts';
import type { Taken } from './replay.ts';

/** One of so many steps is tried, beside those that are new. */
const stepsOneIn = 64;

/** The parts of a message by its place, or the name of what is left of faults. */
const listBytes = 120;

export class SymmetricTuples {
  private readonly names: SymmetricNames;
  private readonly slots: Part[] = [];
  private readonly messages: Part[][] = [];
  private readonly memories: Part[] = [];
  private readonly networks: Part[] = [];
  private readonly faults = new Map<string, Part>();
  private readonly parts: Part[] = [];
  private readonly tried: boolean[] = [];
  private readonly effects = new Effects();
  private taken = 0;

  constructor(
    private readonly problem: Problem,
    classes: readonly (readonly NodeId[])[],
    private readonly of: {
      readonly local: LocalSteps;
      readonly control: Control;
      readonly networks: Networks;
    },
  ) {
    this.names = new SymmetricNames(problem, classes);
  }

  get bytes(): number {
    const { slots, memories, networks, tried, messages, faults } = this;
    const listed = slots.length + memories.length + networks.length + tried.length;
    return this.names.bytes + listed * 8 + (messages.length + faults.size) * listBytes;
  }

  nameOf(child: Child): Fingerprint {
    const { parts, of: { local } } = this;
    const { words, first, count, lines } = child;
    const size = local.size;
    parts.length = 0;
    for (let i = 0; i < size; i++) parts.push(this.ofSlot(words[i]));
    let place = 0;
    for (let i = first; i < first + count; i++) {
      const line = lines[words[i]];
      if (line === 0) place = 0;
      else place = i > first && lines[words[i - 1]] === line ? place + 1 : 1;
      parts.push(this.ofMessage(words[i], place));
    }
    parts.push(this.ofMemories(words[size + controlAt]), this.ofNetwork(words[size + networkAt]));
    parts.push(this.ofFaults(words.subarray(size + crashesAt, size + operationsAt + 1)));
    return this.names.canonical.of(parts);
  }

  /** Throws if what a choice does in a state is something else with the nodes in other places. */
  try(now: Int32Array, taken: Taken, { step: number }: Result): void {
    const isKnown = this.tried[number];
    this.tried[number] = true;
    if (isKnown && this.taken++ % stepsOneIn !== 0) return;
    if (taken.type !== 'message' && taken.type !== 'action') return;
    const before = this.worldOf(now, taken);
    const actions = [actionOf(taken, before)];
    const world = before.fork();
    if (!step(world, actions[0], this.effects)) return;
    const left = this.problem.setting.faults;
    const [effects, turn] = [this.effects, 0];
    this.names.try(before, left, { turn, world, left, actions, effects, isFault: false });
  }

  /** The world that a tuple stands for, without the messages that this choice does not need. */
  private worldOf(now: Int32Array, taken: Taken): World {
    const { local, control, networks } = this.of;
    const { size } = local;
    const world = this.problem.world.fork();
    for (let i = 0; i < size; i++) world.nodes[i] = local.slots[now[i]];
    world.network = networks.at(now[size + networkAt]);
    world.memories = copy(control.memoriesOf(now[size + controlAt]));
    world.queue = new Queue();
    if (taken.type === 'message') world.queue.push(local.messages[taken.message]);
    const serials = world.nodes.flatMap(({ timers }) => timers.map(({ serial }) => serial));
    while (world.queuedAt.length <= Math.max(0, ...serials)) world.queuedAt.push(0);
    return world;
  }

  private ofSlot(slot: number): Part {
    return (this.slots[slot] ??= this.names.parts.ofNode(this.of.local.slots[slot]));
  }

  private ofMessage(message: number, place: number): Part {
    const known = (this.messages[message] ??= []);
    return (known[place] ??= this.names.parts.ofMessage(this.of.local.messages[message], place));
  }

  private ofMemories(control: number): Part {
    const known = this.memories[control];
    if (known !== undefined) return known;
    const world = this.problem.world.fork();
    world.memories = this.of.control.memoriesOf(control);
    return (this.memories[control] = this.names.parts.ofMemories(world));
  }

  private ofNetwork(network: number): Part {
    const known = this.networks[network];
    if (known !== undefined) return known;
    const world = this.problem.world.fork();
    world.network = this.of.networks.at(network);
    return (this.networks[network] = this.names.parts.ofNetwork(world));
  }

  private ofFaults(left: Int32Array): Part {
    const key = left.join(' ');
    let part = this.faults.get(key);
    if (part === undefined) this.faults.set(key, (part = this.names.parts.ofFaults([...left])));
    return part;
  }
}

function actionOf(taken: Extract<Taken, { type: 'message' | 'action' }>, before: World): Action {
  const { draws, action: delivery } = taken.result;
  const action = taken.type === 'action' ? taken.action : delivery;
  const at = before.time;
  return draws.length === 0 ? { ...action, at } : { ...action, at, draws };
}
