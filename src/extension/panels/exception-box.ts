// Returns the focus to a panel that the box of an exception takes it from, and from nothing else.
import type { PanelName } from '../../view/panels.ts';

/** Should a box never appear, a loss of the focus is the user's after this time. */
const boxMs = 10_000;
/** VS Code gives a page the focus within this time, unless a second box takes it again. */
const focusMs = 200;
const attemptsMax = 5;

/** What gives the focus back. */
export interface FocusGiver {
  /** Returns the focus to a panel that is visible; resolves once VS Code has done so. */
  focusOn(panel: PanelName): Promise<void>;
  /** Resolves once the panel's page has reported every change of its focus until now. */
  reported(panel: PanelName): Promise<void>;
}

/**
 * The box takes the focus whatever the adapter asks for, and VS Code does not say when it shows it:
 * only that it is about to, by `exceptionInfo`, once for each box; at some stops it shows two. The
 * panel gets the focus back when its page loses it to a box, and not while it has it: whatever the
 * user opens in the meantime, such as the command palette, would close.
 */
export class ExceptionBox {
  /** The panel that the box is about to take the focus from, or has just taken it from. */
  private panel: PanelName | undefined;
  private hasFocus = false;
  /** How many boxes were announced and have not yet taken the focus. */
  private boxes = 0;
  private isGivingBack = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly panels: FocusGiver) {}

  get takesFrom(): PanelName | undefined {
    return this.panel;
  }

  /** VS Code has read what the box shows. */
  announced(focused: PanelName | undefined): void {
    if (!this.panel) {
      this.panel = focused;
      this.hasFocus = true;
    }
    if (!this.panel) return;
    this.boxes++;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.forget(), boxMs);
  }

  /** A panel's page has got or lost the focus. */
  moved(panel: PanelName, hasFocus: boolean): void {
    if (panel !== this.panel) return;
    this.hasFocus = hasFocus;
    if (this.boxes === 0) return this.forget();
    if (hasFocus) return;
    this.boxes--;
    if (!this.isGivingBack) void this.untilGivenBack(panel);
  }

  /** After a stop, and once the user has pressed a key that opens something else. */
  forget(): void {
    clearTimeout(this.timer);
    this.panel = undefined;
    this.boxes = 0;
  }

  /**
   * A page that gets the focus and loses it to the second box at once may report neither. On a busy
   * machine its report comes late, so the page is asked: giving it the focus once more would close
   * what the user has opened since.
   */
  private async untilGivenBack(panel: PanelName): Promise<void> {
    this.isGivingBack = true;
    for (let attempt = 0; attempt < attemptsMax && this.misses(panel); attempt++) {
      if (attempt > 0 && this.boxes > 0) this.boxes--;
      await this.panels.focusOn(panel);
      await new Promise((resolve) => setTimeout(resolve, focusMs));
      await this.panels.reported(panel);
    }
    this.isGivingBack = false;
  }

  private misses(panel: PanelName): boolean {
    return this.panel === panel && !this.hasFocus;
  }
}
