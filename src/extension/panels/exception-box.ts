// Returns the focus to a panel that the box of an exception takes it from, and from nothing else.
import type { Surface } from './surface.ts';

/** Should a box never appear, a loss of the focus is the user's after this time. */
const boxMs = 10_000;
/** VS Code gives a page the focus within this time, unless a second box takes it again. */
const focusMs = 200;
const attemptsMax = 5;

/** What gives the focus back. */
export interface FocusGiver {
  /** Returns the focus to a surface that is visible; resolves once VS Code has done so. */
  focusOn(surface: Surface): Promise<void>;
  /** Resolves once the page of the surface has reported every change of its focus until now. */
  heard(surface: Surface): Promise<void>;
}

/**
 * The box takes the focus whatever the adapter asks for, and VS Code does not say when it shows it:
 * only that it is about to, by `exceptionInfo`, once for each box; at some stops it shows two. The
 * panel gets the focus back when its page loses it to a box, and not while it has it: whatever the
 * user opens in the meantime, such as the command palette, would close.
 */
export class ExceptionBox {
  /** The surface that the box is about to take the focus from, or has just taken it from. */
  private surface: Surface | undefined;
  private hasFocus = false;
  /** How many boxes were announced and have not yet taken the focus. */
  private boxes = 0;
  private isGivingBack = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly panels: FocusGiver) {}

  get takesFrom(): Surface | undefined {
    return this.surface;
  }

  /** VS Code has read what the box shows. */
  announced(focused: Surface | undefined): void {
    if (!this.surface) {
      this.surface = focused;
      this.hasFocus = true;
    }
    if (!this.surface) return;
    this.boxes++;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.forget(), boxMs);
  }

  /** A panel's page has got or lost the focus. */
  moved(surface: Surface, hasFocus: boolean): void {
    if (surface !== this.surface) return;
    this.hasFocus = hasFocus;
    if (this.boxes === 0) return this.forget();
    if (hasFocus) return;
    this.boxes--;
    if (!this.isGivingBack) void this.untilGivenBack(surface);
  }

  /** After a stop, and once the user has pressed a key that opens something else. */
  forget(): void {
    clearTimeout(this.timer);
    this.surface = undefined;
    this.boxes = 0;
  }

  /**
   * A page that gets the focus and loses it to the second box at once may report neither. On a busy
   * machine its report comes late, so the page is asked: giving it the focus once more would close
   * what the user has opened since.
   */
  private async untilGivenBack(surface: Surface): Promise<void> {
    this.isGivingBack = true;
    for (let attempt = 0; attempt < attemptsMax && this.misses(surface); attempt++) {
      if (attempt > 0 && this.boxes > 0) this.boxes--;
      await this.panels.focusOn(surface);
      await new Promise((resolve) => setTimeout(resolve, focusMs));
      await this.panels.heard(surface);
    }
    this.isGivingBack = false;
  }

  private misses(surface: Surface): boolean {
    return this.surface === surface && !this.hasFocus;
  }
}
