/** What the user can choose to see: the window, the nodes, the types, and one request alone. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import {
  coneOfStepText, foldedText, labels, requestText,
} from '../../src/view/panel-words/sequence.ts';
import { rowChoices } from '../../src/view/sequence/selection.ts';
import { defaultSelection } from '../../src/view/sequence/sequence-view.ts';
import { plainButton } from '../ui/theme.ts';
import type {
  SequenceChoices, SequenceCone, SequenceSelection, SequenceView,
} from '../../src/view/sequence/sequence-view.ts';

type Select = (selection: SequenceSelection) => void;

export function filters(view: SequenceView, step: number, select: Select): TemplateResult {
  const { choices, selection } = view;
  const change = (part: Partial<SequenceSelection>) => select({ ...selection, ...part });
  return html`<section class="filters" id="filters" aria-label=${labels.filters}>
    <div class="line">
      <label>
        ${labels.rows}
        <select @change=${(event: Event) => change({ rows: Number(valueOf(event)) })}>
          ${rowChoices.map(
            (rows) => html`<option .selected=${rows === selection.rows}>${rows}</option>`,
          )}
        </select>
      </label>
      <label>
        ${labels.from}
        <input
          type="number"
          min="0"
          placeholder=${labels.latest}
          .value=${selection.from === null ? '' : String(selection.from)}
          @change=${(event: Event) => change({ from: stepIn(valueOf(event)) })}
        />
      </label>
      <label>
        <input
          type="checkbox"
          .checked=${selection.heartbeats === 'folded'}
          @change=${(event: Event) => change({ heartbeats: isOn(event) ? 'folded' : 'shown' })}
        />
        ${foldedText(choices)}
      </label>
    </div>
    ${requests(choices, selection, step, change)}
    ${names(labels.nodes, choices.nodes, hiddenNodes(view), (hidden) => {
      const nodes = choices.nodes.filter((id) => !hidden.includes(id));
      change({ nodes: hidden.length === 0 || nodes.length === 0 ? null : nodes });
    })}
    ${names(labels.messages, choices.messages, selection.hiddenMessages, (hiddenMessages) =>
      change({ hiddenMessages }),
    )}
    ${names(labels.operations, choices.operations, selection.hiddenOperations, (hiddenOperations) =>
      change({ hiddenOperations }),
    )}
    <button class="plain" @click=${() => select(defaultSelection)}>${labels.reset}</button>
  </section>`;
}

function hiddenNodes({ choices, selection }: SequenceView): string[] {
  const { nodes } = selection;
  return nodes === null ? [] : choices.nodes.filter((id) => !nodes.includes(id));
}

function requests(
  { requests: all }: SequenceChoices,
  { cone }: SequenceSelection,
  step: number,
  change: (part: Partial<SequenceSelection>) => void,
): TemplateResult {
  const chosen = cone === null ? '' : cone.type === 'step' ? 'step' : cone.operation;
  const stepOf = cone?.type === 'step' ? cone.step : step;
  const isUnlisted = cone?.type === 'operation' && !all.some(({ id }) => id === cone.operation);
  const options = [
    { value: '', text: labels.everything },
    ...all.map((request) => ({ value: `operation ${request.id}`, text: requestText(request) })),
    ...(isUnlisted ? [{ value: `operation ${chosen}`, text: chosen }] : []),
    { value: 'step', text: coneOfStepText(stepOf) },
  ];
  const current = cone?.type === 'operation' ? `operation ${chosen}` : chosen;
  return html`<div class="line">
    <label class="wide">
      ${labels.request}
      <select @change=${(event: Event) => change({ cone: coneIn(valueOf(event), stepOf) })}>
        ${options.map(
          ({ value, text }) =>
            html`<option value=${value} .selected=${value === current}>${text}</option>`,
        )}
      </select>
    </label>
  </div>`;
}

function coneIn(value: string, step: number): SequenceCone | null {
  if (value === '') return null;
  if (value === 'step') return { type: 'step', step };
  return { type: 'operation', operation: value.slice('operation '.length) };
}

/** A box for each name, checked unless it is hidden. */
function names(
  title: string,
  all: readonly string[],
  hidden: readonly string[],
  change: (hidden: string[]) => void,
): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  const toggle = (name: string) =>
    change(hidden.includes(name) ? hidden.filter((one) => one !== name) : [...hidden, name]);
  return html`<fieldset>
    <legend>${title}</legend>
    ${all.map(
      (name) =>
        html`<label>
          <input
            type="checkbox"
            .checked=${!hidden.includes(name)}
            @change=${() => toggle(name)}
          />
          ${name}
        </label>`,
    )}
  </fieldset>`;
}

function valueOf({ target }: Event): string {
  return (target as HTMLInputElement | HTMLSelectElement).value;
}

function isOn({ target }: Event): boolean {
  return (target as HTMLInputElement).checked;
}

function stepIn(text: string): number | null {
  const step = Math.round(Number(text));
  return text.trim() === '' || !Number.isSafeInteger(step) || step < 0 ? null : step;
}

export const filterStyles = css`
  .filters {
    border-bottom: 1px solid var(--edge);
    max-height: 55vh;
    overflow: auto;
    padding: 4px 12px 8px;
  }
  .filters .line,
  .filters fieldset {
    align-items: center;
    border: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 4px 0 0;
    padding: 0;
  }
  .filters legend {
    color: var(--quiet);
    float: left;
    min-width: 6em;
    padding: 0;
  }
  .filters label {
    align-items: center;
    display: flex;
    gap: 4px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .filters .wide select {
    flex: 0 1 26em;
    min-width: 0;
  }
  .filters input,
  .filters select {
    accent-color: var(--accent);
    background: var(--vscode-input-background, var(--paper));
    border: 1px solid var(--outline);
    color: var(--vscode-input-foreground, var(--ink));
    font: inherit;
  }
  .filters input[type='number'] {
    width: 5.5em;
  }
  button.plain {
    ${plainButton}
    margin-top: 6px;
  }
  button.plain[aria-expanded='true'] {
    background: var(--raised);
    border-color: var(--accent);
  }
`;
