/** The steps of a debugger, for a panel that plays: a stop is shown once its time has come. */

import type { PanelEvent, Views } from '../../src/view/contract.ts';
import { keepEvents, post, showEvent } from '../ui/host.ts';
import type { PanelState } from '../ui/host.ts';
import type { PanelName } from '../../src/view/panels.ts';
import type { Motion } from './motion.ts';
import type { PlayedMoment, Steps } from './player.ts';

type Stopped = Extract<PanelEvent<PanelName>, { type: 'stopped' }>;

export class PanelSteps implements Steps {
  /** The stop of a step that was asked for, until the picture has moved there. */
  private kept: Stopped | undefined;
  private waiting: ((isGoing: boolean) => void) | undefined;
  private motion: Motion | undefined;

  constructor(
    private readonly state: () => PanelState<PanelName>,
    /** What moves in the picture until the next stop; undefined in a panel that stands still. */
    private readonly moves: () => Motion | undefined,
    /** Called when something other than a step of its own has happened. */
    private readonly interrupted: () => void,
  ) {
    keepEvents((event) => this.receive(event));
  }

  get current(): PlayedMoment | undefined {
    return this.state().shown?.moment;
  }

  get next(): PlayedMoment | undefined {
    return this.kept?.moment;
  }

  step(): Promise<boolean> {
    if (this.state().phase.type !== 'stopped') return Promise.resolve(false);
    return new Promise((resolve) => {
      this.waiting = resolve;
      post({ type: 'step' });
    });
  }

  draw(share: number): void {
    const { kept, current } = this;
    if (!kept || !current) return;
    if (share >= 1) return this.arrive(kept);
    this.motion ??= this.moves();
    this.motion?.show((kept.moment.time - current.time) * share);
  }

  back(): void {
    const { current } = this;
    if (current && current.step > 0) this.goto(current.step - 1);
  }

  goto(step: number): void {
    if (this.state().phase.type === 'stopped') post({ type: 'goto', step });
  }

  private arrive(kept: Stopped): void {
    this.forget();
    showEvent(kept);
  }

  private forget(): void {
    this.motion?.clear();
    this.motion = undefined;
    this.kept = undefined;
  }

  /** Returns whether the event is not shown yet. */
  private receive(event: PanelEvent<PanelName>): boolean {
    const { waiting } = this;
    // A step that takes long also announces that the run goes on.
    if (waiting && event.type === 'running') return false;
    this.waiting = undefined;
    if (waiting && event.type === 'stopped' && event.moment.stop.type === 'step') {
      this.kept = event;
      waiting(true);
      return true;
    }
    // The event is about a later moment than the one that was kept.
    this.forget();
    waiting?.(false);
    this.interrupted();
    return false;
  }
}

/** Of everything in the picture that moves. */
export function timesLeft({ messages, nodes }: Views['cluster']) {
  const timers = nodes.flatMap(({ id, timers: ofNode }) =>
    ofNode.map(({ name, left }) => [`${id} ${name}`, left] as const),
  );
  return {
    messages: new Map(messages.map(({ id, left }) => [id, left])),
    timers: new Map(timers),
  };
}
