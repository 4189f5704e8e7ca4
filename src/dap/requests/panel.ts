/** What a panel asks the session to do, each command in a few lines. */
import { parseAction } from '../../kernel/text/action-text.ts';
import type { Session } from '../../session/session.ts';
import type { Stop } from '../../session/stop.ts';
import type { PanelCommand } from '../../view/contract.ts';
import { isPanelName, type PanelName, panelNames } from '../../view/panels.ts';
import { Refusal } from '../refusal.ts';

/** What panel commands need of the adapter. */
export interface PanelHost {
  /** The session that was launched; refuses while it runs, or if none was launched. */
  readonly stopped: { readonly session: Session };
  panelOpened(panel: PanelName): void;
  panelHidden(panel: PanelName): void;
  /** Tells the client that the debugger stopped, once the request is answered. */
  stand(stop: Stop): void;
  later(next: () => void): void;
}

export function obeyPanel(host: PanelHost, command: PanelCommand): void {
  switch (command.type) {
    case 'ready':
      return host.panelOpened(checkedName(command.panel));
    case 'hidden':
      return host.panelHidden(checkedName(command.panel));
    case 'goto':
      return arrive(host, gotoStep(host.stopped.session, command.step));
    case 'take':
      return arrive(host, takeAction(host.stopped.session, command.action));
    default:
      throw new Refusal(`Unknown panel command: ${JSON.stringify(command)}.`);
  }
}

function arrive(host: PanelHost, stop: Stop): void {
  host.later(() => host.stand(stop));
}

function checkedName(panel: unknown): PanelName {
  if (isPanelName(panel)) return panel;
  throw new Refusal(`Unknown panel ${JSON.stringify(panel)}. Panels: ${panelNames.join(', ')}.`);
}

function takeAction(session: Session, text: string): Stop {
  const action = parseAction(text);
  if (!action) throw new Refusal(`Not a valid action: ${text}`);
  const stop = session.take({ ...action, at: session.world.time });
  if (!stop) throw new Refusal(`${text} is not possible now`);
  return stop;
}

function gotoStep(session: Session, step: number): Stop {
  const { length } = session.branch.run;
  if (!Number.isInteger(step) || step < 0 || step > length) {
    throw new Refusal(`Step ${step} does not exist: this run has ${length}.`);
  }
  return session.goto(step);
}
