/** The part of an event of the adapter that is for one panel. */
import type { PanelEvent, ViewEvent } from './contract.ts';
import type { PanelName } from './panels.ts';

/** Undefined if the event says nothing of that panel: then it shows what it did before. */
export function eventFor<Name extends PanelName>(
  event: ViewEvent,
  name: Name,
): PanelEvent<Name> | undefined {
  switch (event.type) {
    case 'stopped': {
      const view = event.views[name];
      return view && { type: 'stopped', moment: event.moment, view };
    }
    case 'failed': {
      const why = event.failures[name];
      return why === undefined ? undefined : { type: 'failed', why };
    }
    default:
      return event;
  }
}
