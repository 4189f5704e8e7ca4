/** The base of the panels of a session: the states that all have, and what assistive tools hear. */

import { html, LitElement } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Moment, Selections, Views } from '../../src/view/contract.ts';
import { spokenEnding } from '../../src/view/panel-words/ending.ts';
import { spokenMoment } from '../../src/view/panel-words/moment.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { emptyPanel } from './empty.ts';
import { unmarked } from '../../src/view/text/marked.ts';
import { exportMenu } from './export/of-panel.ts';
import type { ExportingPanel } from './export/of-panel.ts';
import { isBehind } from './follow.ts';
import { post } from './host.ts';
import type { Panel, PanelState, Phase } from './host.ts';

/** What is shown; both parts describe the same moment. */
export interface Shown<Name extends PanelName> {
  readonly moment: Moment;
  readonly view: Views[Name];
  readonly phase: Phase;
}

/** A panel has `static styles = [tokens, emptyStyles, …]` and defines its content. */
export abstract class PanelElement<Name extends PanelName>
  extends LitElement
  implements Panel<Name>
{
  @property({ attribute: false }) state: PanelState<Name> = { phase: { type: 'empty' } };

  abstract readonly name: Name;

  /** Below the empty state, of which each panel says what will appear in it. */
  protected abstract content(shown: Shown<Name>): TemplateResult;

  /** What a screen reader says after a stop: what changed in the picture, in a sentence or two. */
  protected spoken({ moment, phase }: Shown<Name>): string {
    if (phase.type === 'stopped') return spokenMoment(moment);
    return phase.type === 'ended' ? spokenEnding(phase.ending) : '';
  }

  override render(): TemplateResult {
    const { shown, phase } = this.state;
    if (!shown) return emptyPanel(this.name, phase);
    const now = { ...shown, phase };
    return html`
      ${this.content(now)}
      <div class="unseen" role="status">${unmarked(this.spoken(now))}</div>
      ${exportMenu(this as unknown as ExportingPanel)}
    `;
  }

  /** Resolves once the newest view is on the page. */
  get drawn(): Promise<unknown> {
    return this.updateComplete;
  }

  /** Whether commands can be sent: the debugger is stopped at the moment that is shown. */
  protected get isStopped(): boolean {
    const { phase, now } = this.state;
    return (now ?? this.state).phase.type === 'stopped' && phase.type === 'stopped' &&
      !isBehind(this.state);
  }

  protected goTo(step: number): void {
    if (this.isStopped) post({ type: 'goto', step });
  }

  protected select(selection: Selections[Name]): void {
    post({ type: 'select', panel: this.name, selection });
  }
}
