/** What the scenario of a search does next in a tuple, and what the end of its run shows. */
import type { Action } from '../../../kernel/action.ts';
import type { World } from '../../../kernel/world.ts';
import { ScenarioMonitor } from '../../../scenario/driver.ts';
import { isOver, scenarioAction } from '../../../scenario/due.ts';
import type { Command, Scenario } from '../../../scenario/scenario.ts';
import { type EndJudged, judgeEnd } from '../ending.ts';
import type { Control } from './control.ts';
import type { LocalSteps } from './local.ts';
import { Memo, ReadOrder } from './memo.ts';
import { showing } from './state-checks.ts';
import { noted } from './watched.ts';

export class Script {
  private readonly actions = new Memo<Action | undefined>();
  private readonly ends = new Memo<EndJudged | undefined>();
  private readonly over: (boolean | undefined)[] = [];
  /** The observer that is the scenario, and the place of each observer among the monitors. */
  private readonly at: number;
  private readonly places: readonly number[];

  constructor(
    private readonly scenario: Scenario,
    private readonly world: World,
    private readonly local: LocalSteps,
    private readonly control: Control,
  ) {
    const { observers } = control;
    this.at = observers.findIndex(({ monitor }) => monitor instanceof ScenarioMonitor);
    this.places = observers.map(({ monitor }) => world.monitors.indexOf(monitor));
  }

  get bytes(): number {
    return this.actions.bytes + this.ends.bytes;
  }

  /** Whether nothing happens any more. */
  isOver(control: number): boolean {
    const memory = this.control.memoryAt(control, this.at);
    return (this.over[memory] ??= isOver(this.scenario, this.worldOf(control, this.world.nodes)));
  }

  /** The scenario's next action; undefined if a step waits for something, or after the last one. */
  next(control: number, words: Int32Array): Action | undefined {
    const memory = this.control.memoryAt(control, this.at);
    return this.known(this.actions, memory, control, words, (world) => {
      return scenarioAction(this.scenario, world, false);
    });
  }

  /** What a run that ends here breaks; `isSpent`: there were faults of the budget in it. */
  judged(control: number, words: Int32Array, isSpent: boolean): EndJudged | undefined {
    return this.known(this.ends, control * 2 + (isSpent ? 1 : 0), control, words, (world) => {
      return judgeEnd(this.scenario, world, { time: 'untimed', isSpent });
    });
  }

  private known<Value>(
    memo: Memo<Value>,
    key: number,
    control: number,
    words: Int32Array,
    find: (world: World) => Value,
  ): Value {
    const size = this.world.nodes.length;
    const known = memo.find(key, words);
    if (known >= 0) return memo.at(known);
    const order = new ReadOrder();
    const slots = Array.from(words.subarray(0, size), (slot) => this.local.slots[slot]);
    const value = find(this.worldOf(control, noted(slots, order)));
    memo.keep(key, order.parts, words, value);
    return value;
  }

  /** A world of these nodes, with what its monitors remember. */
  private worldOf(control: number, nodes: World['nodes']): World {
    const world = showing(this.world, nodes);
    const memories = this.world.memories.slice();
    this.control.observers.forEach((observer, i) => {
      memories[this.places[i]] = observer.memories[this.control.memoryAt(control, i)];
    });
    world.memories = memories;
    return world;
  }
}

/** Commands that only wait, or that one node carries out, or that cut links. */
const known: readonly Command['type'][] = [
  'wait', 'until', 'invoke', 'fire', 'crash', 'restart', 'repeat', 'partition', 'cut', 'heal',
];

/** Whether all that a scenario does and expects is known of tuples. */
export function isOfTuples({ steps, expect }: Scenario): boolean {
  return (
    expect.every(({ type }) => type !== 'history') &&
    steps.every(({ command }) => {
      if (!known.includes(command.type)) return false;
      // The links heal by themselves, which is an action of its own.
      if ('for' in command && command.type !== 'wait' && command.type !== 'repeat') {
        return command.for === undefined;
      }
      return command.type !== 'until' || command.goal.type !== 'answered';
    })
  );
}
