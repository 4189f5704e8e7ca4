/** Finds the lines of protocol code that threw, for the trace and the verdicts. */
import { simulateInSlices } from '../check/simulate.ts';
import { codeOfProtocol } from '../code/built-in-sources.ts';
import { thrownAt } from '../code/call-stack.ts';
import type { Code } from '../code/code.ts';
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Place } from '../scenario/verdict.ts';
import { shownFile } from './load.ts';
import type { Terminal } from './terminal.ts';

export class ThrownPlaces {
  private readonly found = new Map<number, Place>();
  private replayed: Replayed | undefined;

  /** `own` is the code of a protocol of the workspace. */
  constructor(
    private readonly scenario: Scenario,
    private readonly own: Code | undefined,
    private readonly terminal: Terminal,
  ) {}

  /** The place of the error that the last step threw; undefined if there is none. */
  note({ step }: World, { failure }: Effects): Place | undefined {
    if (failure === null) return undefined;
    const place = this.own
      ? this.ownPlace(this.own, failure.stack)
      : (this.replayed ??= new Replayed(this.scenario)).placeAt(step);
    if (place !== undefined) this.found.set(step, place);
    return place;
  }

  private ownPlace(code: Code, stack: string): Place | undefined {
    const place = placeIn(code, stack);
    return place && this.shown(place);
  }

  /** A place in code of the workspace, whose files are named from its root, as the user sees it. */
  readonly shown = (place: Place): Place => {
    const { root, files } = this.own ?? {};
    if (root === undefined || !files?.has(place.file)) return place;
    return { ...place, file: shownFile(root, place.file, this.terminal) };
  };

  readonly at = (step: number): Place | undefined => this.found.get(step);
}

/**
 * A run of a built-in protocol from its source text. The bundled protocol is faster, but its call
 * stacks name the bundle. A run is determined by its scenario, so this one throws the same errors.
 */
class Replayed {
  private readonly places = new Map<number, Place>();
  private readonly run: Generator<World>;
  private isDone = false;
  private step = -1;

  constructor(scenario: Scenario) {
    const code = codeOfProtocol(scenario.protocol);
    const { protocol } = code;
    const setup = { ...scenario.setup, protocol };
    this.run = simulateInSlices({ ...scenario, protocol, setup }, 1, (world, _action, effects) => {
      this.step = world.step;
      const place = effects.failure && placeIn(code, effects.failure.stack);
      if (place) this.places.set(world.step, place);
    });
  }

  placeAt(step: number): Place | undefined {
    while (!this.isDone && this.step < step) this.isDone = this.run.next().done === true;
    return this.places.get(step);
  }
}

function placeIn(code: Code, stack: string): Place | undefined {
  const call = thrownAt(code, stack);
  return call && { file: call.file, line: call.line, column: call.column };
}
