/** The story of the scenario: the current step with its comment, the last one and the next. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { NarratedStep, NarrationView } from '../../src/view/narration.ts';
import {
  activityText, foldedText, labels, progressText, stepTitle,
} from '../../src/view/panel-words/narration.ts';
import { withCode } from '../ui/marked.ts';

export const narrationStyles = css`
  .run {
    border-top: 1px solid var(--edge);
    min-width: 0;
  }
  .run .row {
    align-items: center;
    display: flex;
    gap: 4px 10px;
    padding: 2px 8px;
  }
  .run .fold {
    background: none;
    border: 1px solid transparent;
    border-radius: 3px;
    color: inherit;
    flex: 1;
    font: inherit;
    min-width: 0;
    overflow: hidden;
    padding: 1px 6px;
    text-align: start;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .run .fold:hover {
    border-color: var(--edge);
  }
  /* Its height is the same at each step, so that the picture above stays where it is. */
  .story {
    border-top: 1px dotted var(--edge);
    height: 11.5em;
    overflow-y: auto;
    padding: 2px 12px 4px;
  }
  /* In a low panel it is only as high as its lines, so that the picture has the room. */
  @media (max-height: 619px) {
    .story {
      height: auto;
      max-height: min(7em, 26vh);
    }
  }
  .story p {
    margin: 2px 0;
    max-width: 70em;
    overflow-wrap: anywhere;
  }
  .story .about {
    border-left: 3px solid var(--edge);
    padding-left: 8px;
  }
  .story ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .story li {
    border-left: 3px solid transparent;
    padding: 1px 0 1px 6px;
  }
  .story li.current {
    border-left-color: var(--accent);
  }
  .story li.done,
  .story li.next {
    color: var(--quiet);
  }
  .story li button {
    background: none;
    border: none;
    color: inherit;
    font: inherit;
    overflow-wrap: anywhere;
    padding: 0;
    text-align: start;
  }
  .story li button:hover:enabled {
    text-decoration: underline;
  }
  .story li.current button {
    font-weight: 600;
  }
  .story .measures {
    display: flex;
    flex-wrap: wrap;
    font-variant-numeric: tabular-nums;
    gap: 0 14px;
  }
  .story .mark {
    display: inline-block;
    width: 1.3em;
  }
  .story .comment {
    margin-left: 1.3em;
  }
`;

export interface StoryOptions {
  narration: NarrationView;
  /** Whether the debugger can be moved now. */
  enabled: boolean;
  goTo(index: number): void;
}

/** The summary, which unfolds the story. */
export function storyFold(
  narration: NarrationView,
  isOpen: boolean,
  toggle: () => void,
): TemplateResult {
  const text = isOpen ? progressText(narration) : foldedText(narration);
  return html`<button
    type="button"
    class="fold"
    aria-expanded=${isOpen ? 'true' : 'false'}
    title=${text}
    @click=${toggle}
  ><span aria-hidden="true">${isOpen ? '▾' : '▸'}</span>
    <strong>${labels.story}</strong> ${text}</button>`;
}

export function story(options: StoryOptions): TemplateResult {
  const { introduction, steps, activities, measures } = options.narration;
  return html`<div class="story" role="region" tabindex="0" aria-label=${labels.story}>
    ${
      introduction.length === 0
        ? nothing
        : html`<div class="about" role="note" aria-label=${labels.introduction}>
            ${introduction.map((text) => html`<p>${withCode(text)}</p>`)}
          </div>`
    }
    <ol>
      ${steps.map((step) => stepItem(step, options))}
    </ol>
    ${
      measures.length === 0
        ? nothing
        : html`<p class="measures"><strong>${labels.measures}</strong>
            ${measures.map(({ name, value }) => html`<span>${name}: ${value}</span>`)}</p>`
    }
    ${activities.map((activity) => {
      return html`<p class="activity">${withCode(activityText(activity))}</p>`;
    })}
  </div>`;
}

const marks = { done: '✓', current: '▶', next: '·' } as const;

function stepItem(step: NarratedStep, { enabled, goTo }: StoryOptions): TemplateResult {
  const { index, text, state, comment } = step;
  return html`<li class=${state} aria-current=${state === 'current' ? 'step' : nothing}>
    <button
      type="button"
      title=${stepTitle(step)}
      ?disabled=${!enabled}
      @click=${() => goTo(index)}
    ><span class="mark" aria-hidden="true">${marks[state]}</span><span
      class="unseen">${labels[state]}</span><code>${text}</code></button>
    ${
      state === 'current'
        ? comment.map((paragraph) => html`<p class="comment">${withCode(paragraph)}</p>`)
        : comment.map((paragraph) => html`<span class="quiet"> — ${withCode(paragraph)}</span>`)
    }
  </li>`;
}
