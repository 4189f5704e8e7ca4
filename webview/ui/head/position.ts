/** Where the debugger is, in one line at the head of a panel; what has no room is in its hover. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Moment } from '../../../src/view/contract.ts';
import { stepName } from '../../../src/view/panel-words/moment.ts';
import { sequencePosition } from '../../../src/view/panel-words/sequence.ts';
import type { Phase } from '../host.ts';

/** `more` is said after it for a while: that a picture was copied. */
export function positionLine(
  moment: Moment,
  phase: Phase['type'],
  more: readonly string[] = [],
): TemplateResult {
  const name = stepName(moment);
  const rest = [sequencePosition(moment, phase), ...more].filter((part) => part !== '').join(' · ');
  return html`<p class="position" title="${name} ${rest}"><strong>${name}</strong> ${rest}</p>`;
}
