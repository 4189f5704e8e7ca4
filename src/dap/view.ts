/** Sends a client's panels what they draw: the views of open panels only, once for each stop. */
import { LimitError } from '../kernel/text/execution-limits.ts';
import type { Reading } from '../session/read/reading.ts';
import type { Ending, Moment, ViewEvent, Views } from '../view/contract.ts';
import { stopView } from '../view/ending.ts';
import { momentOf } from '../view/moment.ts';
import { PanelSources } from '../view/panel-sources.ts';
import type { PanelName } from '../view/panels.ts';
import { yieldToOthers } from './motion/slices.ts';
import type { TimeLimit } from './time-limit.ts';

export class View {
  /** Whether the client wants the moment even while no panel is open: our status bar shows it. */
  showsMoment = false;
  private readonly open = new Set<PanelName>();
  /** Open panels that do not have the view of the present moment yet. */
  private readonly due = new Set<PanelName>();
  private readonly sources = new PanelSources();
  private turn = 0;

  constructor(
    private readonly send: (event: ViewEvent) => void,
    /** Called with an error in drawing, which nothing awaits. */
    private readonly failed: (error: unknown) => void,
    /** Bounds the drawing, which runs code of the protocol. */
    private readonly bounded: TimeLimit,
  ) {}

  /** Announces the moment at which the session stopped. */
  stopped(session: Reading): void {
    if (this.isWatched) this.sendSoon(session, this.open);
  }

  /** A stop that was not announced yet is out of date now. */
  running({ scenario }: Reading): void {
    this.forget();
    if (this.isWatched) this.send({ type: 'running', scenario: scenario.file });
  }

  ended({ scenario }: Reading, ending: Ending): void {
    this.forget();
    if (this.isWatched) this.send({ type: 'ended', scenario: scenario.file, ending });
  }

  /** A panel gets its view at once if the session is stopped. Before a launch there is none. */
  panelOpened(panel: PanelName, session: Reading | undefined, isRunning: boolean): void {
    this.open.add(panel);
    if (session && isRunning) this.running(session);
    else if (session) this.sendSoon(session, [panel]);
  }

  panelHidden(panel: PanelName): void {
    this.open.delete(panel);
    this.due.delete(panel);
  }

  /** Returns whether the value is a selection of the panel; its view follows if it is open. */
  select(panel: PanelName, value: unknown, session: Reading | undefined): boolean {
    if (!this.sources.select(panel, value)) return false;
    if (session && this.open.has(panel)) this.sendSoon(session, [panel]);
    return true;
  }

  /** Undefined if the value is not a question of the panel. */
  answer(panel: PanelName, value: unknown, session: Reading): { answer: unknown } | undefined {
    return this.bounded(() => this.sources.answer(panel, session, value));
  }

  /** Sends the view of a panel anew, if it is open: something else than the session changed. */
  refresh(panel: PanelName, session: Reading): void {
    if (this.open.has(panel)) this.sendSoon(session, [panel]);
  }

  private get isWatched(): boolean {
    return this.showsMoment || this.open.size > 0;
  }

  /**
   * At a stop the client asks for stack and variables first, so views are computed after the
   * requests that wait. All that becomes due until then goes into one event, about one moment.
   */
  private sendSoon(session: Reading, panels: Iterable<PanelName>): void {
    const turn = ++this.turn;
    for (const panel of panels) this.due.add(panel);
    yieldToOthers(() => {
      if (turn === this.turn) this.sendViews(session);
    });
  }

  /** A panel whose view fails shows why, and the others show theirs. */
  private sendViews(session: Reading): void {
    const panels = [...this.due];
    this.due.clear();
    const failures: Partial<Record<PanelName, string>> = {};
    const fail = (error: unknown, those: readonly PanelName[]): void => {
      this.failed(error);
      const why = error instanceof Error ? error.message : String(error);
      for (const panel of those) failures[panel] = why;
    };
    const views = this.viewsOf(session, panels, fail);
    try {
      const moment = this.bounded(() => stoppedMoment(session));
      this.send({ type: 'stopped', moment, views });
    } catch (error) {
      fail(error, panels);
    }
    if (Object.keys(failures).length > 0) this.send({ type: 'failed', failures });
  }

  private viewsOf(
    session: Reading,
    panels: readonly PanelName[],
    fail: (error: unknown, those: readonly PanelName[]) => void,
  ): Partial<Views> {
    const views: Partial<Record<PanelName, Views[PanelName]>> = {};
    for (const [place, panel] of panels.entries()) {
      try {
        views[panel] = this.bounded(() => this.sources.view(session, panel));
      } catch (error) {
        // The same code would take as long in the other panels.
        const isEndless = error instanceof LimitError;
        fail(error, isEndless ? panels.slice(place) : [panel]);
        if (isEndless) break;
      }
    }
    return views as Partial<Views>;
  }

  private forget(): void {
    this.turn++;
    this.due.clear();
  }
}

function stoppedMoment(session: Reading): Moment {
  const { reason } = session.stop;
  const moment = momentOf(session, stopView(reason, session.moment));
  // The last steps may have waited beyond the last action.
  if (reason.type === 'end') moment.time = reason.time;
  return moment;
}
