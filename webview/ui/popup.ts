/** Closes what is unfolded over a panel: on Escape, wherever the focus is, or a press elsewhere. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface PopupOptions {
  readonly isOpen: () => boolean;
  /** `key`: the focus returns to what opened it. The pointer puts the focus where it presses. */
  readonly close: (by: 'key' | 'pointer') => void;
  /** Whether a press outside of the page closes it, too, as it does a menu. */
  readonly closesOnBlur: boolean;
}

export class Popup implements ReactiveController {
  constructor(
    private readonly host: ReactiveControllerHost & Element,
    private readonly options: PopupOptions,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    // Before the panel, in which Escape has other meanings while nothing is open over it.
    window.addEventListener('keydown', this.keyPressed, true);
    window.addEventListener('pointerdown', this.pressed, true);
    window.addEventListener('blur', this.left);
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.keyPressed, true);
    window.removeEventListener('pointerdown', this.pressed, true);
    window.removeEventListener('blur', this.left);
  }

  private readonly keyPressed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !this.options.isOpen()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.options.close('key');
  };

  private readonly pressed = (event: Event) => {
    const isInside = event.composedPath().includes(this.host);
    if (!isInside && this.options.isOpen()) this.options.close('pointer');
  };

  private readonly left = () => {
    if (this.options.closesOnBlur && this.options.isOpen()) this.options.close('pointer');
  };
}
