/** The choices of a state as a tuple: each writes the tuple that it leads to. */
import type { Action } from '../../../kernel/action.ts';
import { isOwn } from '../../../kernel/pending.ts';
import { invokedIn, keepsMessages } from '../../choices.ts';
import { judgesSpent } from '../../promises.ts';
import type { BeyondLimit } from '../judge.ts';
import type { Problem } from '../problem.ts';
import { Checks } from './checks.ts';
import {
  anyNumber, Child, controlAt, crashesAt, dropsAt, duplicatesAt, header, networkAt, operationsAt,
  partitionsAt, spentAt,
} from './child.ts';
import { LocalSteps, type Result } from './local.ts';
import { Networks } from './networks.ts';
import type { Taken } from './replay.ts';
import type { Learned } from './state-checks.ts';

interface SetTimer {
  readonly action: Action;
  /** What it does, once that is known. */
  results: readonly Result[] | undefined;
  readonly isBackground: boolean;
}

/** What may happen next. */
interface Outlook {
  /** Anything at all. */
  readonly isAny: boolean;
  /** Anything without a fault, and not only in the background. */
  readonly goesOn: boolean;
}

// A search may look at each state, and should make no objects for it.
const goesOn: Outlook = { isAny: true, goesOn: true };
const mayEnd: Outlook = { isAny: true, goesOn: false };
const ends: Outlook = { isAny: false, goesOn: false };

export abstract class Expansion {
  protected readonly size: number;
  protected readonly first: number;
  protected readonly local: LocalSteps;
  protected readonly checks: Checks;
  protected readonly child: Child;
  protected readonly networks: Networks;
  protected readonly keeps: boolean;
  private readonly operations: readonly Action[];
  /** The nodes that faults happen to. */
  private readonly faulty: readonly number[];
  private readonly crashes: readonly Action[];
  private readonly restarts: readonly Action[];
  private readonly heal: Action;
  /** By node state: whether it is within the limits, and the timers that are set. */
  private readonly within: (boolean | undefined)[] = [];
  private readonly timers: (readonly SetTimer[] | undefined)[] = [];
  /** The words of the state that is expanded, and how many messages are in flight in it. */
  protected now = new Int32Array(0);
  protected count = 0;
  protected choice = 0;
  /** The number of idle deliveries that were left out, because they lead nowhere. */
  protected skipped = 0;

  constructor(
    protected readonly problem: Problem,
    learned: Learned,
  ) {
    const { world, setting } = problem;
    const at = world.time;
    this.size = world.nodes.length;
    this.first = this.size + header;
    this.local = new LocalSteps(world);
    this.checks = new Checks(problem, learned, this.local);
    this.networks = new Networks(world, setting);
    this.keeps = keepsMessages(setting);
    const { scenario } = setting;
    this.child = new Child(
      problem, this.size, this.local, this.checks.control, this.networks, this.keeps,
      Object.values(setting.faults).some((count) => count > 0),
      scenario !== undefined && judgesSpent(scenario),
    );
    this.operations = (setting.operations ?? []).map((one) => ({ ...one, at }));
    const ids = setting.faulty ?? world.nodes.map(({ id }) => id);
    this.faulty = ids.flatMap((id) => world.plan.indexOf.get(id) ?? []);
    this.crashes = world.nodes.map(({ id: node }) => ({ type: 'crash', at, node }));
    this.restarts = world.nodes.map(({ id: node }) => ({ type: 'restart', at, node }));
    this.heal = { type: 'heal', at };
  }

  /**
   * Called for each choice, when the child is written. `node` acted, or none if it is −1; `goesOn`
   * says that this happens without a fault.
   */
  protected abstract finish(taken: Taken, result: Result, node: number, goesOn: boolean): void;

  /** Whether deliveries that change nothing at all need not be followed. */
  protected abstract get skipsUnchanged(): boolean;

  protected isSpent(words: Int32Array): boolean {
    return words[this.size + spentAt] === 1;
  }

  protected expand(): void {
    this.choice = 0;
    const due = this.checks.script?.next(this.now[this.size + controlAt], this.now);
    if (due !== undefined) this.expandAction(due, false);
    this.expandMessages();
    this.expandTimers();
    const operation = this.operations[this.now[this.size + operationsAt]];
    if (operation !== undefined) this.expandAction(operation, true);
    this.expandFaults();
  }

  /** Writes the start. */
  protected writeStart(): void {
    const { size, problem: { world, setting } } = this;
    this.child.startState();
    const child = this.child.words;
    const { crashes, drops, duplicates, partitions } = setting.faults;
    const budget = (count: number) => Math.min(count, anyNumber);
    world.nodes.forEach((slot, i) => (child[i] = this.local.slotNumber(slot)));
    child[size + controlAt] = this.checks.control.first();
    child[size + networkAt] = 0;
    child[size + crashesAt] = budget(crashes);
    child[size + dropsAt] = budget(drops);
    child[size + duplicatesAt] = this.keeps ? 0 : budget(duplicates);
    child[size + partitionsAt] = budget(partitions);
    child[size + spentAt] = 0;
    child[size + operationsAt] = invokedIn(world);
    this.child.count = 0;
    const messages = world.queue.items.filter((one) => one.type === 'deliver');
    for (const message of messages.sort((a, b) => a.tie - b.tie)) {
      this.child.insert(this.local.messageNumber(message));
    }
  }

  /** The limit that keeps the state from being explored further, if one does. */
  protected beyond(depth: number): BeyondLimit | undefined {
    const { problem: { limits, targets: { nodeWithin } } } = this;
    if (depth >= limits.depth) return 'depth';
    if (this.count > limits.messages) return 'messages';
    for (let i = 0; nodeWithin !== undefined && i < this.size; i++) {
      const slot = this.now[i];
      this.within[slot] ??= nodeWithin(this.local.slots[slot]);
      if (!this.within[slot]) return 'within';
    }
    return this.checks.isWithin(this.now) ? undefined : 'within';
  }

  /** What may happen next, as far as that is known without running handlers. */
  protected outlook(): Outlook {
    const { now, size, local, problem: { setting: { faults, skipsIdle } } } = this;
    const due = this.checks.script?.next(now[size + controlAt], now);
    const operation = this.operations[now[size + operationsAt]];
    const isCut = faults.partitions > 0 && this.networks.isCut(now[size + networkAt]);
    // Messages that wait can always be delivered, so nothing depends on faults that strike them.
    const isAnySent = skipsIdle !== true && this.count > 0;
    if (isCut || isAnySent || this.isPossible(due) || this.isPossible(operation)) return goesOn;
    if (this.isAnyFollowed()) return goesOn;
    let isAny = (now[size + partitionsAt] > 0 && this.networks.partitions.length > 0) ||
      (this.count > 0 && now[size + dropsAt] + now[size + duplicatesAt] > 0);
    for (let node = 0; node < size; node++) {
      for (const { isBackground } of this.timers[now[node]] ?? this.timersOf(now[node])) {
        if (!isBackground) return goesOn;
        isAny = true;
      }
    }
    for (const node of faults.crashes > 0 ? this.faulty : []) {
      const { up, started } = local.slots[now[node]];
      if (!up && started) return goesOn;
      isAny ||= up && now[size + crashesAt] > 0;
    }
    return isAny ? mayEnd : ends;
  }

  /** Whether there is an action, and it can happen now. */
  private isPossible(action: Action | undefined): boolean {
    if (action === undefined || !('node' in action)) return action !== undefined;
    const node = this.problem.world.plan.indexOf.get(action.node)!;
    return this.local.isPossible(this.now[node], action);
  }

  /** Whether any delivery is: those that change nothing may be left out. */
  private isAnyFollowed(): boolean {
    const { first, local, networks, now, size } = this;
    if (this.problem.setting.skipsIdle !== true) return this.count > 0;
    return now.subarray(first, first + this.count).some((message) => {
      const { toIndex } = local.messages[message];
      return networks.loses(now[size + networkAt], local.messages[message]) ||
        local.deliver(now[toIndex], message).some(({ isIdle }) => !isIdle);
    });
  }

  /** An action of the scenario, or in place of one. */
  private expandAction(action: Action, isCounted: boolean): void {
    if (!('node' in action)) return this.changeNetwork(action, this.local.without(action), false);
    const node = this.problem.world.plan.indexOf.get(action.node)!;
    for (const result of this.local.act(this.now[node], action)) {
      this.begin(node, result, -1);
      if (isCounted) this.child.words[this.size + operationsAt]++;
      this.finish({ type: 'action', action, result }, result, node, true);
    }
  }

  private expandMessages(): void {
    const { first, local, checks, networks } = this;
    const { lines } = this.child;
    const length = this.count;
    const { skipsIdle } = this.problem.setting;
    const network = this.now[this.size + networkAt];
    const memory = this.now[this.size + controlAt];
    const { isEmpty } = checks.control;
    for (let i = first; i < first + length; i++) {
      const message = this.now[i];
      const line = lines[message];
      const before = i > first ? this.now[i - 1] : -1;
      if (line === 0 ? before === message : before >= 0 && lines[before] === line) continue;
      const { toIndex, fromIndex } = local.messages[message];
      const stays = this.keeps && fromIndex !== toIndex;
      if (network > 0 && networks.loses(network, local.messages[message])) {
        this.child.begin(this.now, length, stays ? -1 : i);
        const result = local.idle;
        this.finish({ type: 'message', message, result, stays }, result, -1, true);
        continue;
      }
      for (const result of local.deliver(this.now[toIndex], message)) {
        if (skipsIdle === true && result.isIdle) continue;
        if (result.isIdle && stays && this.skipsUnchanged) {
          const isSpent = this.isSpent(this.now);
          if (isEmpty || checks.control.after(memory, result, this.now, isSpent) === memory) {
            this.skipped++;
            this.choice++;
            continue;
          }
        }
        this.begin(toIndex, result, stays ? -1 : i);
        this.finish({ type: 'message', message, result, stays }, result, toIndex, true);
      }
    }
  }

  private expandTimers(): void {
    for (let node = 0; node < this.size; node++) {
      const slot = this.now[node];
      const set = this.timers[slot] ?? this.timersOf(slot);
      for (const timer of set) {
        const { action, isBackground } = timer;
        for (const result of (timer.results ??= this.local.act(slot, action))) {
          this.begin(node, result, -1);
          this.finish({ type: 'action', action, result }, result, node, !isBackground);
        }
      }
    }
  }

  private timersOf(slot: number): readonly SetTimer[] {
    const { id: node, timers, cast } = this.local.slots[slot];
    const at = this.problem.world.time;
    const set = timers.filter(({ isSet }) => isSet).map(({ name: timer, key }) => {
      const action: Action = { type: 'fire', at, node, timer, key };
      const isBackground = cast.role.background?.includes(timer) === true;
      return { action, results: undefined, isBackground };
    });
    return (this.timers[slot] = set);
  }

  private expandFaults(): void {
    const { size, local, first, now } = this;
    const { crashes, partitions } = this.problem.setting.faults;
    if (crashes > 0) for (const node of this.faulty) this.crashOrRestart(node);
    const length = this.count;
    const [drops, duplicates] = [now[size + dropsAt], now[size + duplicatesAt]];
    for (let i = first; (drops > 0 || duplicates > 0) && i < first + length; i++) {
      const message = now[i];
      const { fromIndex, toIndex } = local.messages[message];
      if (isOwn(local.messages[message])) continue;
      if (!this.faulty.includes(fromIndex) && !this.faulty.includes(toIndex)) continue;
      if (this.child.lines[message] === 0 && i > first && now[i - 1] === message) continue;
      if (drops > 0) this.fault('drop', message, i);
      if (duplicates > 0) this.fault('duplicate', message, i);
    }
    if (partitions > 0) this.partitionOrHeal();
  }

  private crashOrRestart(node: number): void {
    const slot = this.now[node];
    const { up, started } = this.local.slots[slot];
    if (up ? this.now[this.size + crashesAt] <= 0 : !started) return;
    const action = (up ? this.crashes : this.restarts)[node];
    for (const result of this.local.act(slot, action)) {
      this.begin(node, result, -1);
      if (up) this.child.spend(crashesAt);
      this.finish({ type: 'action', action, result }, result, node, !up);
    }
  }

  private partitionOrHeal(): void {
    const { now, size } = this;
    if (this.networks.isCut(now[size + networkAt])) {
      this.changeNetwork(this.heal, this.local.idle, false);
      return;
    }
    if (now[size + partitionsAt] <= 0) return;
    const { partitions } = this.networks;
    for (const action of partitions) this.changeNetwork(action, this.local.idle, true);
  }

  private changeNetwork(action: Action, result: Result, isFault: boolean): void {
    const { size, now, child } = this;
    child.begin(now, this.count, -1);
    child.words[size + networkAt] = this.networks.after(now[size + networkAt], action);
    if (isFault) child.spend(partitionsAt);
    this.finish({ type: 'action', action, result }, result, -1, !isFault);
  }

  private fault(type: 'drop' | 'duplicate', message: number, at: number): void {
    const { child, now } = this;
    child.begin(now, this.count, type === 'drop' ? at : -1);
    child.spend(type === 'drop' ? dropsAt : duplicatesAt);
    // The network makes the copy of a message on its way, so that a cut does not prevent it.
    if (type === 'duplicate') child.insert(message);
    const taken: Taken = { type, message, place: child.placeOf(now, at) };
    this.finish(taken, this.local.idle, -1, false);
  }

  /** Writes the child in which a node acted; `without` is the place of a message that is gone. */
  private begin(node: number, result: Result, without: number): void {
    const { child, now, size } = this;
    child.begin(now, this.count, without);
    child.setNode(node, result.slot);
    if (result.losesOwn) child.dropOwn(node);
    const { sent } = result;
    const network = now[size + networkAt];
    for (let i = 0; i < sent.length; i++) {
      if (network === 0 || !this.networks.loses(network, this.local.messages[sent[i]])) {
        child.insert(sent[i]);
      }
    }
  }
}
