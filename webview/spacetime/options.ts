/** Whether the controls of the bar are unfolded: in a narrow or low panel they are folded. */

import type { ReactiveControllerHost } from 'lit';
import { Popup } from '../ui/popup.ts';

export class Options {
  isOpen = false;

  constructor(private readonly host: ReactiveControllerHost & Element) {
    const { isOpen, close } = { isOpen: () => this.isOpen, close: () => this.set(false) };
    new Popup(host, { isOpen, close, closesOnBlur: false });
  }

  set(isOpen: boolean): void {
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    this.host.requestUpdate();
  }
}
