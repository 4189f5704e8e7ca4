/**
 * Playing in a panel: its controls, the key for it, and the speed that the user has chosen. Any
 * panel can play: in the Cluster panel, what is under way moves meanwhile.
 */

import { html } from 'lit';
import type { LitElement, ReactiveController, TemplateResult } from 'lit';
import type { Views } from '../../src/view/contract.ts';
import { labels } from '../../src/view/panel-words/play.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { noteSpeed, notePlay, offerPlay, recall, remember } from '../ui/host.ts';
import type { PanelState } from '../ui/host.ts';
import { definePlay } from '../ui/play.ts';
import type { PlayElement } from '../ui/play.ts';
import { Motion } from './motion.ts';
import { speedOf } from './pace.ts';
import { PanelSteps, timesLeft } from './panel-steps.ts';
import { Player } from './player.ts';

const speedKey = 'speed';

/** The element of a panel of a session. */
type Played = LitElement & { readonly name: PanelName; readonly state: PanelState<PanelName> };

export class Play implements ReactiveController {
  private readonly player: Player;

  constructor(private readonly host: Played) {
    definePlay();
    const steps = new PanelSteps(
      () => host.state,
      () => this.moves(),
      () => this.player.stop(),
    );
    this.player = new Player(
      steps,
      speedOf(recall(speedKey)),
      () => this.refresh(),
      (time) => this.bar?.tick(time),
    );
    offerPlay(this);
    host.addController(this);
  }

  hostConnected(): void {
    // The page of an exported run plays all of its panels at once.
    if (this.host.hasAttribute('recorded')) return;
    // Before the things of the picture, which Space would open while nothing plays.
    window.addEventListener('keydown', this.pressed, true);
    document.addEventListener('visibilitychange', this.hidden);
  }

  hostDisconnected(): void {
    this.player.stop();
    window.removeEventListener('keydown', this.pressed, true);
    document.removeEventListener('visibilitychange', this.hidden);
  }

  get isPlaying(): boolean {
    return this.player.isPlaying;
  }

  controls(): TemplateResult {
    const { state } = this.host;
    return html`<lockstep-play
      role="toolbar"
      aria-label=${labels.controls}
      .player=${this.player}
      .enabled=${state.phase.type === 'stopped'}
      .time=${state.shown?.moment.time ?? 0}
      @speed=${(event: CustomEvent<number>) => this.choose(event.detail)}
    ></lockstep-play>`;
  }

  private get bar(): PlayElement | null {
    return this.host.renderRoot.querySelector<PlayElement>('lockstep-play');
  }

  private moves(): Motion | undefined {
    const { name, renderRoot, state } = this.host;
    if (name !== 'cluster') return undefined;
    return new Motion(renderRoot, timesLeft(state.shown!.view as Views['cluster']));
  }

  /** In this page; the other pages follow. */
  private choose(speed: number): void {
    this.setSpeed(speed);
    noteSpeed(this.player.speed);
  }

  setSpeed(speed: number): void {
    this.player.speed = speedOf(speed);
    remember(speedKey, this.player.speed);
    this.refresh();
  }

  toggle(): void {
    this.player.toggle();
  }

  private refresh(): void {
    notePlay();
    this.bar?.requestUpdate();
  }

  private readonly hidden = () => {
    if (document.hidden) this.player.stop();
  };

  private readonly pressed = (event: KeyboardEvent) => {
    if (event.key !== ' ' || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isOfElement(event.composedPath()[0]) && !this.isPlaying) return;
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.toggle();
  };
}

/** Whether Space has a meaning of its own where the focus is. */
function isOfElement(target: EventTarget | undefined): boolean {
  if (!(target instanceof Element)) return false;
  const roles = ['button', 'menuitem', 'application'].map((role) => `[role=${role}]`);
  return target.closest(['button, input, select, textarea, a, summary', ...roles].join()) !== null;
}
