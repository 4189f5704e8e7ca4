/** The bar above the picture: where the debugger is, search, comparison and zoom. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Moment } from '../../src/view/contract.ts';
import {
  branchChoice, differenceSentence, labels, loadingText, missingTwin, searchFault, searchText,
  twinChoice,
} from '../../src/view/panel-words/spacetime.ts';
import type { Comparand, SpacetimeView } from '../../src/view/spacetime/spacetime-view.ts';
import type { Phase } from '../ui/host.ts';
import { unmarked } from '../../src/view/text/marked.ts';
import { withCode } from '../ui/marked.ts';
import { positionLine } from '../ui/head/position.ts';
import type { Found } from './questions.ts';
import type { Options } from './options.ts';
import type { Search } from './search.ts';
import type { ShapeSearch, Wanted } from './shapes/shape-search.ts';

export interface Bar {
  readonly moment: Moment;
  readonly view: SpacetimeView;
  readonly phase: Phase['type'];
  readonly read: { readonly steps: number; readonly of: number };
  readonly search: Search;
  readonly shapes: ShapeSearch;
  readonly options: Options;
  readonly compressed: boolean;
  /** Whether the axis has steps, and not time. */
  readonly byStep: boolean;
  readonly follows: boolean;
  readonly isStopped: boolean;
  readonly difference: Found | undefined;
  axisChanged(byStep: boolean): void;
  compressedChanged(on: boolean): void;
  followsChanged(on: boolean): void;
  searched(condition: string): void;
  /** Undefined: for a condition. */
  shapeChosen(shape: Wanted | undefined): void;
  moved(by: 1 | -1): void;
  compared(compare: Comparand): void;
  /** By a factor; 0 for the whole run. */
  zoomed(factor: number): void;
  showHere(): void;
}

const zoomFactor = 1.6;

export function bar(given: Bar): TemplateResult {
  const { moment, phase, follows, read, options } = given;
  const isRead = read.steps >= read.of;
  return html`
    <div class="bar">
      ${positionLine(moment, phase, isRead ? [] : [loadingText(read.steps, read.of)])}
      ${hits(given)}
      <button
        class="unfold"
        aria-expanded=${options.isOpen ? 'true' : 'false'}
        aria-controls="controls"
        title=${labels.optionsTitle}
        @click=${() => options.set(!options.isOpen)}
      >${labels.options}</button>
      <div id="controls" class="controls ${options.isOpen ? 'unfolded' : ''}">
        ${searchField(given)}
        ${axisChoice(given)}
        <label title=${labels.followTitle}>
          <input
            type="checkbox"
            .checked=${follows}
            @change=${(event: Event) => given.followsChanged(isChecked(event))}
          />${labels.follow}
        </label>
        <span>
          ${button(labels.zoomOut, '−', () => given.zoomed(zoomFactor))}
          ${button(labels.zoomIn, '+', () => given.zoomed(1 / zoomFactor))}
          ${button(labels.fit, '↔', () => given.zoomed(0))}
          ${button(labels.here, '◎', () => given.showHere())}
        </span>
        ${comparison(given)}
      </div>
    </div>
    ${faultNote(given)} ${differenceNote(given)}
  `;
}

function isChecked({ target }: Event): boolean {
  return (target as HTMLInputElement).checked;
}

/** An axis of steps has no gaps that could be cut. */
function axisChoice({ byStep, compressed, ...given }: Bar): TemplateResult {
  const chosen = ({ target }: Event) =>
    given.axisChanged((target as HTMLSelectElement).value === 'step');
  return html`
    <select class="axis" aria-label=${labels.axis} title=${labels.axisTitle} @change=${chosen}>
      <option value="time" .selected=${!byStep}>${labels.byTime}</option>
      <option value="step" .selected=${byStep}>${labels.byStep}</option>
    </select>
    ${
      byStep
        ? nothing
        : html`
            <label title=${labels.compressTitle}>
              <input
                type="checkbox"
                .checked=${compressed}
                @change=${(event: Event) => given.compressedChanged(isChecked(event))}
              />${labels.compress}
            </label>
          `
    }
  `;
}

function button(label: string, sign: string, act: () => void): TemplateResult {
  return html`<button aria-label=${label} title=${label} @click=${act}>${sign}</button>`;
}

function searchField(given: Bar): TemplateResult {
  const { search, shapes } = given;
  const { condition, fault } = search;
  const pressed = (event: KeyboardEvent) => {
    const { value } = event.target as HTMLInputElement;
    if (event.key === 'F3' || (event.key === 'Enter' && value.trim() === condition)) {
      given.moved(event.shiftKey ? -1 : 1);
      event.preventDefault();
    }
  };
  const changed = ({ target }: Event) => given.searched((target as HTMLInputElement).value);
  const isOfShape = shapes.wanted !== undefined;
  return html`
    <div class="search" role="search">
      ${shapeChoice(given)}
      <input
        type="search"
        ?hidden=${isOfShape}
        aria-label=${labels.search}
        aria-invalid=${fault ? 'true' : 'false'}
        placeholder=${labels.searchPlaceholder}
        spellcheck="false"
        .value=${condition}
        @change=${changed}
        @keydown=${pressed}
      />
    </div>
  `;
}

/** What was found stays in view when the controls are folded. */
function hits(given: Bar): TemplateResult {
  const { search, shapes } = given;
  const { condition, fault } = search;
  const { state } = shapes.wanted === undefined ? search : shapes;
  const isOfShape = shapes.wanted !== undefined;
  const isNothing = isOfShape ? isEmpty(shapes) : condition === '' || fault !== undefined;
  const hint = isOfShape ? labels.shapeTitles.picked : '';
  const text = isNothing ? hint : searchText(state);
  return html`
    <div class="hits">
      <span class="quiet" role="status" title=${unmarked(text)}>${withCode(text)}</span>
      ${
        state.found > 0
          ? html`${button(labels.previousMatch, '↑', () => given.moved(-1))}
            ${button(labels.nextMatch, '↓', () => given.moved(1))}`
          : nothing
      }
    </div>
  `;
}

function isEmpty({ wanted, picked }: ShapeSearch): boolean {
  return wanted === 'picked' && picked.length < 2;
}

function shapeChoice({ shapes, shapeChosen }: Bar): TemplateResult {
  const { wanted } = shapes;
  const all = Object.keys(labels.shapes) as Wanted[];
  const chosen = ({ target }: Event) => {
    shapeChosen(all.find((name) => name === (target as HTMLSelectElement).value));
  };
  const title = wanted === undefined ? labels.searchFor : labels.shapeTitles[wanted];
  return html`<select class="shape" aria-label=${labels.searchFor} title=${title} @change=${chosen}>
    <option value="" .selected=${wanted === undefined}>${labels.condition}</option>
    ${all.map((name) => {
      const about = labels.shapeTitles[name];
      return html`<option value=${name} title=${about} .selected=${name === wanted}
        >${labels.shapes[name]}</option>`;
    })}
  </select>`;
}

/** The condition with the part that is wrong underlined. */
function faultNote({ search }: Bar): TemplateResult | typeof nothing {
  const { fault, condition } = search;
  if (!fault) return nothing;
  const { start, end } = fault;
  const until = Math.max(end, start + 1);
  return html`
    <p class="note wrong" role="alert">
      ${withCode(searchFault(fault))}
      <code
        >${condition.slice(0, start)}<span class="marked">${condition.slice(start, until)}</span
        >${condition.slice(until)}</code
      >
    </p>
  `;
}

function comparison({ view, compared, isStopped }: Bar): TemplateResult | typeof nothing {
  const { branches, twin, compare } = view;
  if (branches.length === 0 && twin === '') return nothing;
  const value = compare.type === 'branch' ? String(compare.number) : compare.type;
  const changed = ({ target }: Event) => {
    const chosen = (target as HTMLSelectElement).value;
    if (chosen === 'nothing' || chosen === 'twin') compared({ type: chosen });
    else compared({ type: 'branch', number: Number(chosen) });
  };
  const option = (name: string, text: string) =>
    html`<option value=${name} ?selected=${name === value}>${text}</option>`;
  return html`
    <label>
      ${labels.compare}
      <select @change=${changed} ?disabled=${!isStopped}>
        ${option('nothing', labels.nothing)}
        ${branches.map(({ number, parted }) => {
          return option(String(number), branchChoice(number, parted));
        })}
        ${twin === '' ? nothing : option('twin', twinChoice(twin, view.isChosen))}
      </select>
    </label>
  `;
}

function differenceNote({ view, difference }: Bar): TemplateResult | typeof nothing {
  const { compare, lanes, twin } = view;
  if (compare.type === 'twin' && lanes.length < 2) {
    return html`<p class="note quiet" role="status">${missingTwin(twin)}</p>`;
  }
  if (difference === undefined || lanes.length < 2) return nothing;
  const { step, why } = difference;
  return html`<p class="note" role="status">${differenceSentence(step, why)}</p>`;
}
