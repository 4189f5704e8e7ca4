/** Words with their code, such as `look`, in the font of the editor. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { piecesOf } from '../../src/view/text/marked.ts';

export function withCode(words: string): (TemplateResult | string)[] {
  return piecesOf(words).map(({ text, isCode }) => (isCode ? html`<code>${text}</code>` : text));
}
