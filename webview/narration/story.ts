/** Below the picture: the controls of playing, and the story of the scenario, folded or open. */

import { html, nothing } from 'lit';
import type { ReactiveController, TemplateResult } from 'lit';
import type { Play } from '../play/play.ts';
import { post, recall, remember } from '../ui/host.ts';
import type { PanelElement } from '../ui/panel.ts';
import { isPresented, pageRoom } from '../ui/room.ts';
import { story, storyFold } from './narration.ts';

const openKey = 'story';
/** A panel that is lower has no room for more than the picture, nor has one that is wide. */
const heightForStory = 620;
const widthForStory = 1.2;

export class Story implements ReactiveController {
  /** What the user has chosen; undefined if nothing, so that the room decides. */
  private chosen = recall(openKey);

  constructor(
    private readonly host: PanelElement<'cluster'>,
    private readonly play: Play,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('resize', this.resized);
  }

  hostDisconnected(): void {
    window.removeEventListener('resize', this.resized);
  }

  private readonly resized = () => this.host.requestUpdate();

  private get isOpen(): boolean {
    if (typeof this.chosen === 'boolean') return this.chosen;
    // An audience looks at the picture; the one who presents tells the story.
    if (isPresented()) return false;
    const { width, height } = pageRoom();
    return height >= heightForStory && width <= height * widthForStory;
  }

  view(): TemplateResult {
    const { shown, phase } = this.host.state;
    const narration = shown?.view.narration;
    const options = {
      enabled: phase.type === 'stopped',
      goTo: (index: number) => post({ type: 'scenario step', index }),
    };
    return html`<div class="run">
      <div class="row">
        ${this.play.controls()}
        ${narration ? storyFold(narration, this.isOpen, () => this.toggle()) : nothing}
      </div>
      ${narration && this.isOpen ? story({ narration, ...options }) : nothing}
    </div>`;
  }

  private toggle(): void {
    this.chosen = !this.isOpen;
    remember(openKey, this.chosen);
    this.host.requestUpdate();
  }
}
