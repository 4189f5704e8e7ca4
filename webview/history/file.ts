/** The page of a history file: what was read, the verdicts as they come, and what can be chosen. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type {
  FileEvent, HistoryChoice, HistoryProblem, ModelVerdictView,
} from '../../src/view/history/history-view.ts';
import {
  labels, problemText, runText, spokenVerdicts,
} from '../../src/view/panel-words/history.ts';
import { onFileEvent, postOfFile } from '../ui/host.ts';
import { dressPage } from '../ui/theme.ts';
import { HistoryElement } from './element.ts';

type OfType<Type extends FileEvent['type']> = Extract<FileEvent, { type: Type }>;

export function startFile(FileElement: new () => HistoryFile): void {
  dressPage();
  customElements.define('lockstep-history-file', FileElement);
  const page = new FileElement();
  (document.getElementById('app') ?? document.body).append(page);
  onFileEvent((event) => page.receive(event));
  postOfFile({ type: 'file ready' });
}

export class HistoryFile extends HistoryElement {
  @state() private opened: OfType<'opened'> | undefined;
  @state() private read: OfType<'read'> | undefined;
  @state() private problem: HistoryProblem | undefined;
  @state() private verdicts: readonly ModelVerdictView[] = [];
  @state() private done: OfType<'done'> | undefined;

  receive(event: FileEvent): void {
    switch (event.type) {
      case 'opened':
        // What was read before stays until the new text is read, or is found to be wrong.
        this.opened = event;
        this.done = undefined;
        return;
      case 'problem':
        this.problem = event.problem;
        return;
      case 'read':
        this.problem = undefined;
        this.read = event;
        this.verdicts = event.view.verdicts;
        return;
      case 'verdict':
        this.verdicts = this.verdicts.map((one) => {
          return one.model === event.verdict.model ? event.verdict : one;
        });
        return;
      case 'done':
        this.done = event;
        this.verdicts = this.verdicts.map((one): ModelVerdictView => {
          return one.type === 'checking' ? { ...one, type: 'stopped' } : one;
        });
    }
  }

  override render(): TemplateResult {
    const { opened, read, problem, done } = this;
    if (!opened) return html``;
    return html`
      <header>
        <p><strong>${opened.file}</strong> ${this.originInWords()}</p>
        ${this.modelChoice(problem ? [] : this.verdicts)} ${this.choices(opened)}
        ${done ? nothing : html`<button @click=${this.stop}>${labels.stop}</button>`}
        ${this.longer()}
        <button @click=${() => postOfFile({ type: 'open as text' })}>${labels.openAsText}</button>
      </header>
      <div class="unseen" role="status">${spokenVerdicts(this.verdicts)}</div>
      ${done?.failure ? html`<p class="problem" role="alert">${done.failure}</p>` : nothing}
      ${problem ? this.problemOf(opened.file, problem) : nothing}
      ${read && !problem ? this.parts(read.view, this.chosen(this.verdicts)) : nothing}
    `;
  }

  protected override goTo(step: number): void {
    if (this.read?.origin) postOfFile({ type: 'moment', step });
  }

  private originInWords(): TemplateResult | typeof nothing {
    const { origin } = this.read ?? {};
    if (!origin) return nothing;
    return html`<span class="quiet">${runText(origin.scenario, origin.seed)}</span>`;
  }

  private choices({ choice, formats, specifications }: OfType<'opened'>): TemplateResult {
    const { format, specification } = this.read ?? {};
    return html`
      ${this.choice(labels.format, 'format', formats, choice.format, format)}
      ${this.choice(
        labels.specification, 'specification', specifications, choice.specification, specification,
      )}
    `;
  }

  /** A list that begins with what Lockstep found out. */
  private choice(
    label: string,
    name: 'format' | 'specification',
    values: readonly string[],
    chosen: string | undefined,
    found: string | undefined,
  ): TemplateResult {
    const changed = ({ target }: Event) => {
      const { value } = target as HTMLSelectElement;
      this.chooseForFile({ [name]: value === '' ? undefined : value });
    };
    const detected = found === undefined ? labels.detected : `${labels.detected}: ${found}`;
    return html`<label>
      ${label}
      <select name=${name} @change=${changed}>
        <option value="" .selected=${chosen === undefined}>${detected}</option>
        ${values.map(
          (value) => html`<option .value=${value} .selected=${value === chosen}>${value}</option>`,
        )}
      </select>
    </label>`;
  }

  /** Offered if a limit ended a check: ten times as many steps. */
  private longer(): TemplateResult | typeof nothing {
    const isOpen = ({ type }: ModelVerdictView) => type === 'unknown' || type === 'stopped';
    if (!this.done || !this.verdicts.some((one) => isOpen(one) && one.doc !== '')) return nothing;
    const steps = (this.opened?.choice.steps ?? 0) * 10;
    const go = () => this.chooseForFile({ steps });
    return html`<button @click=${go}>${labels.checkLonger}</button>`;
  }

  private chooseForFile(part: Partial<HistoryChoice>): void {
    postOfFile({ type: 'choose', choice: { ...this.opened!.choice, ...part } });
  }

  private stop(): void {
    postOfFile({ type: 'stop' });
  }

  private problemOf(file: string, problem: HistoryProblem): TemplateResult {
    const { line, column } = problem;
    const open = () => postOfFile({ type: 'open as text', line, column });
    return html`<div class="problem" role="alert">
      <p>${problemText(file, problem)}</p>
      <button @click=${open}>${labels.goToProblem}</button>
    </div>`;
  }
}
