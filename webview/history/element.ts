/** What the History panels of sessions and files share: the models, the intervals, the witness. */

import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { drawIntervals, marksOf } from '../../src/view/history/draw-intervals.ts';
import { drawWitness, leftOut } from '../../src/view/history/draw-witness.ts';
import type {
  HistoryPart, ModelVerdictView, OperationView, ViolatedView,
} from '../../src/view/history/history-view.ts';
import {
  labels, leftOutText, operationInWords, partInWords, partText, prefixText, verdictName,
  witnessInWords, witnessTitle,
} from '../../src/view/panel-words/history.ts';
import { emptyStyles } from '../ui/empty.ts';
import { withCode } from '../ui/marked.ts';
import { frameStyles, tokens } from '../ui/theme.ts';
import { legend } from './legend.ts';
import { drawn } from './shapes.ts';
import { historyStyles } from './styles.ts';

/** So many operations are drawn at once. */
const pageSize = 200;

export abstract class HistoryElement extends LitElement {
  static override styles = [tokens, emptyStyles, frameStyles, historyStyles];

  /** The model that the user chose. */
  @state() protected model = '';
  /** Where the drawn page begins; undefined for the one with the conflict. */
  @state() private first: number | undefined;
  /** The operation that has its place in the order of tabs. */
  @state() private focused = 0;
  /** What the scroll position was set for. */
  private revealed = '';

  /** The user chose an operation of a run, which ended or began at this step. */
  protected abstract goTo(step: number): void;

  /** The chosen model, else the strongest one that is violated, else the first. */
  protected chosen(verdicts: readonly ModelVerdictView[]): ModelVerdictView | undefined {
    return (
      verdicts.find(({ model }) => model === this.model) ??
      verdicts.find(({ type }) => type === 'violated') ??
      verdicts[0]
    );
  }

  protected modelChoice(verdicts: readonly ModelVerdictView[]): TemplateResult | typeof nothing {
    if (verdicts.length === 0) return nothing;
    const chosen = this.chosen(verdicts);
    const choose = ({ target }: Event) => {
      this.model = (target as HTMLSelectElement).value;
      this.first = undefined;
    };
    return html`<label>
      ${labels.model}
      <select name="model" @change=${choose}>
        ${verdicts.map((one) => {
          const { model } = one;
          const name = verdictName(one);
          return html`<option .value=${model} .selected=${one === chosen}>${name}</option>`;
        })}
      </select>
    </label>`;
  }

  /** The verdict in words, the intervals, and the witness as a picture. */
  protected parts(
    part: HistoryPart,
    chosen: ModelVerdictView | undefined,
    current?: number,
  ): TemplateResult {
    const violated = chosen?.type === 'violated' ? chosen : undefined;
    return html`
      ${chosen ? verdictInWords(chosen, part) : nothing}
      ${
        part.operations.length === 0 && part.before === 0
          ? html`<p class="note">${labels.noOperations}</p>`
          : this.intervals(violated?.around ?? part, violated, current)
      }
      ${violated ? witnessPicture(violated) : nothing}
    `;
  }

  /** The operation that is scrolled into view: the last one of the conflict. */
  protected focusOf(verdict: ViolatedView | undefined): OperationView | undefined {
    return verdict?.witness.operations.at(-1);
  }

  private intervals(
    part: HistoryPart,
    verdict: ViolatedView | undefined,
    current: number | undefined,
  ): TemplateResult {
    const page = this.page(part, verdict);
    const { drawing, rows, starts } = drawIntervals(page.operations, verdict, current);
    const marks = marksOf(verdict);
    const focused = Math.min(this.focused, page.operations.length - 1);
    const shown = this.focusOf(verdict);
    const place = page.operations.findIndex(({ index }) => index === shown?.index);
    this.reveal(place < 0 ? 0 : starts[place]!, `${verdict?.model} ${page.before} ${shown?.index}`);
    const about = partInWords(page, rows.length, marks);
    return html`<section class="history" aria-label=${labels.operations}>
      <div class="pages">
        <span>${partText(page)}</span> ${this.pageButtons(part, page, verdict)}
      </div>
      <div class="chart" style="--rows: ${rows.length}">
        <div class="processes" aria-hidden="true">
          ${rows.map((process) => html`<span title=${process}>${process}</span>`)}
        </div>
        <div class="scroll" @click=${this.clicked} @keydown=${this.keyPressed}>
          ${drawn(drawing, {
            name: about,
            focused,
            titleOf: (index) => operationInWords(page.operations[index]!, marks),
          })}
        </div>
      </div>
      ${legend(verdict !== undefined)}
    </section>`;
  }

  private shownPage: readonly OperationView[] = [];

  /** The part of the operations that is drawn. */
  private page({ operations, before, after }: HistoryPart, verdict?: ViolatedView): HistoryPart {
    const shown = this.focusOf(verdict);
    const place = operations.findIndex(({ index }) => index === shown?.index);
    const middle = place < 0 ? 0 : place - pageSize / 2;
    const last = Math.max(0, operations.length - pageSize);
    const first = Math.max(0, Math.min(this.first ?? middle, last));
    const drawnOnes = operations.slice(first, first + pageSize);
    this.shownPage = drawnOnes;
    return {
      operations: drawnOnes,
      before: before + first,
      after: after + operations.length - first - drawnOnes.length,
    };
  }

  private pageButtons(
    part: HistoryPart,
    page: HistoryPart,
    verdict: ViolatedView | undefined,
  ): TemplateResult | typeof nothing {
    if (part.operations.length <= pageSize) return nothing;
    const first = page.before - part.before;
    const last = part.operations.length - pageSize;
    const move = (to: number) => () => (this.first = Math.max(0, Math.min(to, last)));
    const button = (label: string, to: number, isDisabled: boolean) =>
      html`<button ?disabled=${isDisabled} @click=${move(to)}>${label}</button>`;
    return html`
      ${button(labels.earlier, first - pageSize, first === 0)}
      ${button(labels.later, first + pageSize, first >= last)}
      ${
        verdict
          ? html`<button @click=${() => (this.first = undefined)}>${labels.goToConflict}</button>`
          : nothing
      }
    `;
  }

  private scrollGoal = 0;

  private reveal(x: number, what: string): void {
    if (what === this.revealed) return;
    this.revealed = what;
    this.scrollGoal = x;
  }

  override updated(): void {
    if (this.scrollGoal < 0) return;
    const frame = this.renderRoot.querySelector<HTMLElement>('.scroll');
    if (!frame) return;
    frame.scrollLeft = Math.max(0, this.scrollGoal - frame.clientWidth * 0.6);
    this.scrollGoal = -1;
  }

  private clicked({ target }: Event): void {
    const place = (target as Element).closest<SVGElement>('[data-place]')?.dataset.place;
    if (place === undefined) return;
    this.focused = Number(place);
    this.choose(Number(place));
  }

  private choose(place: number): void {
    const operation = this.shownPage[place];
    const step = operation?.endedStep ?? operation?.invokedStep;
    if (step !== undefined) this.goTo(step);
  }

  private keyPressed(event: KeyboardEvent): void {
    const place = Number((event.target as SVGElement).dataset.place);
    if (Number.isNaN(place)) return;
    if (event.key === 'Enter' || event.key === ' ') this.choose(place);
    else {
      const next = this.nextPlace(event.key, place);
      if (next === undefined) return;
      this.focused = next;
      this.renderRoot.querySelector<SVGElement>(`[data-place="${next}"]`)?.focus();
    }
    event.preventDefault();
  }

  /** Left and right follow the order of invocations; up and down the processes. */
  private nextPlace(key: string, place: number): number | undefined {
    const all = this.shownPage;
    const last = all.length - 1;
    switch (key) {
      case 'ArrowLeft':
        return Math.max(0, place - 1);
      case 'ArrowRight':
        return Math.min(last, place + 1);
      case 'Home':
        return 0;
      case 'End':
        return last;
      case 'ArrowUp':
      case 'ArrowDown': {
        const rows = [...new Set(all.map(({ process }) => process))];
        const row = rows.indexOf(all[place]!.process) + (key === 'ArrowUp' ? -1 : 1);
        const distance = (one: number) => Math.abs(one - place);
        const places = all.flatMap((one, at) => (one.process === rows[row] ? [at] : []));
        return places.sort((a, b) => distance(a) - distance(b))[0] ?? place;
      }
      default:
        return undefined;
    }
  }
}

function verdictInWords(verdict: ModelVerdictView, part: HistoryPart): TemplateResult {
  const { type, doc, lines } = verdict;
  const valid = type === 'violated' ? prefixText(verdict, part.operations) : '';
  return html`<section class="verdict ${type}">
    <p class="name" role="status">
      <strong>${verdictName(verdict)}</strong> <span class="quiet">${doc}</span>
    </p>
    ${valid === '' ? nothing : html`<p>${withCode(valid)}</p>`}
    ${
      lines.length === 0
        ? nothing
        : html`<ul class="lines" role="list">
            ${lines.map((line) => html`<li>${withCode(line)}</li>`)}
          </ul>`
    }
  </section>`;
}

function witnessPicture(verdict: ViolatedView): TemplateResult {
  const { witness, model } = verdict;
  const more = leftOutText(leftOut(witness));
  const words = witnessInWords(witness);
  return html`<section class="witness" aria-label=${labels.witness}>
    <h2>${labels.witness}</h2>
    ${more === '' ? nothing : html`<p class="note">${more}</p>`}
    <div class="picture">
      ${drawn(drawWitness(witness), { name: [witnessTitle(model), ...words].join('\n') })}
    </div>
    <details>
      <summary>${labels.inWords}</summary>
      <ul class="lines" role="list">
        ${words.map((line) => html`<li>${withCode(line)}</li>`)}
      </ul>
    </details>
  </section>`;
}
