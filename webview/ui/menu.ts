/**
 * A menu that opens at a place of a panel: with the arrow keys, type-ahead and Escape, which
 * returns the focus. An entry may ask for a value before it is taken.
 */

import { html, LitElement, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { labels } from '../../src/view/panel-words/menu.ts';
import { tokens } from './theme.ts';
import { menuStyles } from './menu-styles.ts';

export interface MenuEntry {
  readonly label: string;
  /** Shown beside the label, as the text of a command. */
  readonly command: string;
  /** Why it cannot be chosen; absent if it can. */
  readonly why?: string;
  /** Entries of one group stand together. */
  readonly group: number;
  /** The value that the entry asks for; absent if it needs none. */
  readonly value?: MenuValue;
  /** Takes the entry, with the value that was entered. */
  choose(value: string): void;
}

export interface MenuValue {
  readonly label: string;
  readonly hint: string;
  readonly proposed: string;
  /** What the command is with this value. */
  command(value: string): string;
  /** What is wrong with a value; empty if nothing is. */
  fault(value: string): Promise<string>;
}

export interface MenuContent {
  readonly title: string;
  readonly entries: readonly MenuEntry[];
}

/** Where the menu opens, in CSS pixels of the page. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** How long letters typed one after the other are one word. */
const typingMs = 700;

export class MenuElement extends LitElement {
  static override styles = [tokens, menuStyles];

  @property({ attribute: false }) menu: MenuContent | undefined;
  @property({ attribute: false }) place: MenuPlace = { x: 0, y: 0 };
  /** Called when it closes; `isChosen` if an entry was taken. */
  closed: (isChosen: boolean) => void = () => undefined;
  @state() private asking: MenuEntry | undefined;
  @state() private fault = '';
  @state() private entered = '';
  private typed = '';
  private typedAt = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pointerdown', this.pressedElsewhere, true);
    window.addEventListener('blur', this.dismiss);
    window.addEventListener('resize', this.dismiss);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('pointerdown', this.pressedElsewhere, true);
    window.removeEventListener('blur', this.dismiss);
    window.removeEventListener('resize', this.dismiss);
    super.disconnectedCallback();
  }

  private readonly dismiss = () => this.closed(false);
  private readonly pressedElsewhere = (event: Event) => {
    if (!event.composedPath().includes(this)) this.closed(false);
  };

  override render(): TemplateResult | typeof nothing {
    const { menu, asking } = this;
    if (!menu) return nothing;
    return asking?.value ? this.form(asking, asking.value) : this.list(menu);
  }

  private list({ title, entries }: MenuContent): TemplateResult {
    return html`<div class="menu" role="menu" aria-label=${title} @keydown=${this.key}>
      <div class="title" role="presentation">${title}</div>
      ${entries.map((entry, index) => {
        const begins = index > 0 && entries[index - 1]!.group !== entry.group;
        return html`${begins ? html`<div class="line" role="separator"></div>` : nothing}
          ${this.item(entry, index)}`;
      })}
    </div>`;
  }

  private item(entry: MenuEntry, index: number): TemplateResult {
    const { label, command, why } = entry;
    return html`<div
      class=${classMap({ entry: true, off: why !== undefined })}
      role="menuitem"
      tabindex="-1"
      aria-disabled=${why === undefined ? 'false' : 'true'}
      aria-haspopup=${entry.value ? 'dialog' : nothing}
      aria-label=${why === undefined ? label : `${label}: ${why}`}
      title=${why ?? command}
      data-index=${index}
      @click=${() => this.choose(entry)}
      @pointermove=${(event: Event) => (event.currentTarget as HTMLElement).focus()}
    >
      <span class="label">${label}</span><code aria-hidden="true">${command}</code>
      ${why === undefined ? nothing : html`<span class="why" aria-hidden="true">${why}</span>`}
    </div>`;
  }

  private form(entry: MenuEntry, value: MenuValue): TemplateResult {
    const { fault, entered } = this;
    return html`<form
      class="menu"
      role="dialog"
      aria-label=${entry.label}
      @submit=${(event: Event) => void this.submit(event, entry, value)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') this.end(event, false);
        else event.stopPropagation();
      }}
    >
      <label>
        <span>${value.label}</span>
        <input
          type="text"
          spellcheck="false"
          autocomplete="off"
          .value=${entered}
          aria-invalid=${fault === '' ? 'false' : 'true'}
          aria-describedby="about"
          @input=${(event: Event) => {
            this.entered = (event.target as HTMLInputElement).value;
            this.fault = '';
          }}
        />
      </label>
      <p id="about" class="quiet">${value.hint}</p>
      <p><code>${value.command(entered)}</code></p>
      <p class="fault" role="alert">${fault}</p>
      <div class="buttons">
        <button type="submit">${labels.take}</button>
        <button type="button" @click=${(event: Event) => this.end(event, false)}>
          ${labels.cancel}
        </button>
      </div>
    </form>`;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('asking') && this.asking) {
      const input = this.renderRoot.querySelector('input');
      input?.focus();
      input?.select();
    } else if (changed.has('menu') && this.menu) this.focusOn(this.firstPossible());
    this.keepInside();
  }

  /** Within the page, whatever the size of the panel. */
  private keepInside(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.menu');
    if (!box) return;
    const { offsetWidth: width, offsetHeight: height } = box;
    const x = Math.max(2, Math.min(this.place.x, window.innerWidth - width - 4));
    const y = Math.max(2, Math.min(this.place.y, window.innerHeight - height - 4));
    Object.assign(box.style, { left: `${x}px`, top: `${y}px` });
  }

  private get items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  private firstPossible(): number {
    return Math.max(0, this.menu!.entries.findIndex(({ why }) => why === undefined));
  }

  private focusOn(index: number): void {
    const { items } = this;
    items[(index + items.length) % items.length]?.focus();
  }

  /** Disabled entries get the focus, too, so that their reasons can be read. */
  private readonly key = (event: KeyboardEvent) => {
    const { items } = this;
    const at = items.findIndex((item) => item === this.shadowRoot?.activeElement);
    switch (event.key) {
      case 'ArrowDown':
        this.focusOn(at + 1);
        break;
      case 'ArrowUp':
        this.focusOn(at - 1);
        break;
      case 'Home':
        this.focusOn(0);
        break;
      case 'End':
        this.focusOn(items.length - 1);
        break;
      case 'Enter':
      case ' ':
        if (at >= 0) this.choose(this.menu!.entries[at]!);
        break;
      case 'Escape':
      case 'Tab':
        return this.end(event, false);
      default:
        if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
        this.typeAhead(event.key, at, event.timeStamp);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** Goes to the next entry that begins with what was typed, in its label or its command. */
  private typeAhead(letter: string, at: number, now: number): void {
    const isNew = now - this.typedAt > typingMs;
    this.typedAt = now;
    this.typed = (isNew ? '' : this.typed) + letter.toLowerCase();
    const { typed, menu } = this;
    const { entries } = menu!;
    const first = at + (isNew ? 1 : 0) + entries.length;
    const order = entries.map((_, index) => (first + index) % entries.length);
    const found = order.find((index) => {
      const { label, command } = entries[index]!;
      return [label, command].some((text) => text.toLowerCase().startsWith(typed));
    });
    if (found !== undefined) this.focusOn(found);
  }

  private choose(entry: MenuEntry): void {
    if (entry.why !== undefined) return;
    if (entry.value === undefined) {
      this.closed(true);
      entry.choose('');
      return;
    }
    this.entered = entry.value.proposed;
    this.asking = entry;
  }

  private async submit(event: Event, entry: MenuEntry, value: MenuValue): Promise<void> {
    event.preventDefault();
    const { entered } = this;
    const fault = await value.fault(entered);
    if (!this.isConnected || this.entered !== entered) return;
    this.fault = fault;
    if (fault !== '') return;
    this.closed(true);
    entry.choose(entered);
  }

  private end(event: Event, isChosen: boolean): void {
    event.preventDefault();
    event.stopPropagation();
    this.closed(isChosen);
  }
}

/** Opens a menu below `host`'s shadow root, so that it has its styles; only one is open. */
export function openMenu(host: LitElement, menu: MenuContent, place: MenuPlace): MenuElement {
  if (!customElements.get('lockstep-menu')) customElements.define('lockstep-menu', MenuElement);
  closeMenu(host);
  const root = host.renderRoot as ShadowRoot;
  const before = root.activeElement as HTMLElement | SVGElement | null;
  const element = document.createElement('lockstep-menu') as MenuElement;
  Object.assign(element, { menu, place });
  element.closed = (isChosen) => {
    // The focus may be elsewhere already, if the pointer closed the menu.
    const hadFocus = root.activeElement === element;
    element.closed = () => undefined;
    element.remove();
    if (hadFocus || isChosen) focusAgain(root, before);
  };
  root.append(element);
  return element;
}

/** A picture that was drawn anew has another element for the same thing. */
function focusAgain(root: ShadowRoot, before: HTMLElement | SVGElement | null): void {
  if (before?.isConnected) return before.focus();
  for (const name of ['node', 'message', 'link', 'timer']) {
    const value = before?.dataset[name];
    if (value === undefined) continue;
    const again = root.querySelector<SVGElement>(`[data-${name}=${CSS.escape(value)}]`);
    if (again) return again.focus();
  }
}

export function closeMenu(host: LitElement): void {
  const open = (host.renderRoot as ShadowRoot).querySelector<MenuElement>('lockstep-menu');
  open?.closed(false);
}
