/** The History panel of a debug session: client operations up to the moment, with their steps. */

import { html } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type {
  ModelVerdictView, OperationView, ViolatedView,
} from '../../src/view/history/history-view.ts';
import { historyToMermaid } from '../../src/view/export/mermaid/history.ts';
import { rowHeight } from '../../src/view/history/draw-intervals.ts';
import { keptText, labels } from '../../src/view/panel-words/history.ts';
import { emptyPanel } from '../ui/empty.ts';
import { withCode } from '../ui/marked.ts';
import { exportMenu } from '../ui/export/of-panel.ts';
import { post } from '../ui/host.ts';
import type { Panel, PanelState } from '../ui/host.ts';
import { positionLine } from '../ui/head/position.ts';
import { HistoryElement } from './element.ts';

/** The verdicts of the last end of a run: the user goes back from there to see what led to it. */
interface Kept {
  readonly run: string;
  readonly step: number;
  readonly verdicts: readonly ModelVerdictView[];
}

export class HistoryPanel extends HistoryElement implements Panel<'history'> {
  readonly name = 'history';
  @property({ attribute: false }) state: PanelState<'history'> = { phase: { type: 'empty' } };
  private kept: Kept | undefined;

  /** Resolves once the newest view is on the page. */
  get drawn(): Promise<unknown> {
    return this.updateComplete;
  }

  override willUpdate(changed: PropertyValues): void {
    const { shown } = this.state;
    if (!changed.has('state') || !shown) return;
    const { moment, view } = shown;
    const run = JSON.stringify([moment.scenario, moment.title, moment.branch]);
    if (view.verdicts.length > 0) {
      this.kept = { run, step: moment.step, verdicts: view.verdicts };
    } else if (this.kept?.run !== run) this.kept = undefined;
  }

  override render(): TemplateResult {
    const { shown, phase } = this.state;
    if (!shown) return emptyPanel('history', this.state.phase);
    const { moment, view } = shown;
    const verdicts = this.kept?.verdicts ?? [];
    const isPast = view.verdicts.length === 0 && verdicts.length > 0;
    return html`
      <header>
        ${positionLine(moment, phase.type)}
        ${this.modelChoice(verdicts)}
      </header>
      ${verdicts.length === 0 ? html`<p class="note quiet">${withCode(labels.noVerdicts)}</p>` : ''}
      ${isPast ? html`<p class="note quiet">${keptText(this.kept!.step)}</p>` : ''}
      ${this.parts(view, this.chosen(verdicts), moment.step)} ${exportMenu(this)}
    `;
  }

  /** The intervals with the names of their processes, and the witness of a violation. */
  toSvg(): SVGSVGElement[] {
    const chart = this.renderRoot.querySelector<SVGSVGElement>('.scroll svg');
    const names = [...this.renderRoot.querySelectorAll('.processes span')];
    const witness = this.renderRoot.querySelector<SVGSVGElement>('.witness .picture svg');
    const rows = names.map((name) => name.textContent);
    return [...(chart ? [withNames(chart, rows)] : []), ...(witness ? [witness] : [])];
  }

  toMermaid(): string | undefined {
    const { shown } = this.state;
    return shown && historyToMermaid(shown.view);
  }

  protected override goTo(step: number): void {
    if (this.state.phase.type === 'stopped') post({ type: 'goto', step });
  }

  protected override focusOf(verdict: ViolatedView | undefined): OperationView | undefined {
    const { shown } = this.state;
    if (shown === undefined) return undefined;
    const isEnd = shown.view.verdicts.length > 0;
    return isEnd ? super.focusOf(verdict) : shown.view.operations.at(-1);
  }
}

/** A copy of the chart, in which the names stand at the left of their rows. */
function withNames(chart: SVGSVGElement, names: readonly string[]): SVGSVGElement {
  const made = chart.cloneNode(true) as SVGSVGElement;
  const { width, height } = chart.viewBox.baseVal;
  const room = Math.max(...names.map((name) => name.length)) * 8 + 16;
  made.setAttribute('viewBox', `${-room} 0 ${width + room} ${height}`);
  for (const [row, name] of names.entries()) {
    const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    text.setAttribute('x', String(8 - room));
    text.setAttribute('y', String((row + 0.5) * rowHeight + 4));
    text.textContent = name;
    made.append(text);
  }
  return made;
}
