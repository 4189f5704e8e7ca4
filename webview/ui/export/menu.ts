/** *Export…* of a panel: a button at the end of its header, and a dialog with a row per format. */

import { html, LitElement, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ExportRequest, PictureFormat } from '../../../src/view/export/picture-file.ts';
import { pictureFormats } from '../../../src/view/export/formats.ts';
import { formatNames, labels } from '../../../src/view/panel-words/export.ts';
import { Popup } from '../popup.ts';
import { tokens } from '../theme.ts';
import { exportStyles } from './menu-styles.ts';
import { copyPicture, savePicture } from './exporting.ts';
import type { Exported } from './exporting.ts';

/** An arrow that leaves a tray upwards, in a box of 16 by 16. */
const icon = 'M8 10.5V2M4.8 5.2 8 2l3.2 3.2M2.6 9.5v4h10.8v-4';

/** How long the result of a copy is shown. */
const resultMs = 6_000;

export class ExportMenu extends LitElement {
  static override styles = [tokens, exportStyles];

  /** What the panel shows when it is called; undefined before the first stop. */
  @property({ attribute: false }) exported!: () => Promise<Exported | undefined>;
  @property() panel = '';
  /** Whether the panel has a Mermaid form. */
  @property({ type: Boolean }) hasMermaid = false;
  @state() private isOpen = false;
  @state() private result = '';
  @query('.open') private opener!: HTMLElement;
  private results = 0;

  constructor() {
    super();
    new Popup(this, {
      isOpen: () => this.isOpen,
      close: (by) => this.close(by === 'key'),
      closesOnBlur: true,
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.requested);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('message', this.requested);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { isOpen, result } = this;
    return html`<div class="corner">
      <button class="open" title=${labels.export} aria-label=${labels.export}
        aria-haspopup="dialog" aria-expanded=${isOpen ? 'true' : 'false'} @click=${this.toggle}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${icon} /></svg>
      </button>
      ${isOpen ? this.dialog() : nothing}
      ${result === '' ? nothing : html`<p class="result">${result}</p>`}
      <div class="unseen" role="status">${result}</div>
    </div>`;
  }

  private dialog(): TemplateResult {
    return html`<div class="dialog" role="dialog" aria-label=${labels.export}>
      ${pictureFormats.map((format) => {
        const name = formatNames[format];
        const isThere = format !== 'mermaid' || this.hasMermaid;
        const button = (label: string, act: () => void) =>
          html`<button ?disabled=${!isThere} aria-label="${label} ${name}" @click=${act}>
            ${label}
          </button>`;
        return html`<div class="row" role="group" aria-label=${name}>
          <span>${name}</span>
          ${button(labels.copy, () => void this.copy(format))}
          ${button(labels.save, () => void this.save(format))}
        </div>`;
      })}
      ${this.hasMermaid ? nothing : html`<p class="quiet">${labels.noMermaid}</p>`}
    </div>`;
  }

  private readonly toggle = async (): Promise<void> => {
    this.isOpen = !this.isOpen;
    await this.updateComplete;
    if (this.isOpen) this.renderRoot.querySelector<HTMLElement>('.dialog button')?.focus();
  };

  private close(returnsFocus = true): void {
    this.isOpen = false;
    if (returnsFocus) this.opener.focus();
  }

  /** A command of the editor, for this panel. */
  private readonly requested = ({ data }: MessageEvent<Partial<ExportRequest> | null>): void => {
    if (data?.type === 'export' && data.panel === this.panel) void this.save(data.format!);
  };

  private async copy(format: PictureFormat): Promise<void> {
    await this.act((exported) => copyPicture(exported, format));
  }

  private async save(format: PictureFormat): Promise<void> {
    await this.act((exported) => savePicture(exported, format));
  }

  private async act(make: (exported: Exported) => Promise<string>): Promise<void> {
    const exported = await this.exported();
    this.show(exported ? await make(exported) : labels.noPicture);
    if (this.isOpen) this.close();
  }

  private show(result: string): void {
    const number = ++this.results;
    this.result = result;
    setTimeout(() => {
      if (number === this.results) this.result = '';
    }, resultMs);
  }
}

customElements.define('lockstep-export', ExportMenu);
