/** What a page keeps of the events that it receives: it follows them, or is pinned to a moment. */

import type { Ending, Moment, PanelEvent } from '../../src/view/contract.ts';
import type { PanelName } from '../../src/view/panels.ts';
import type { PanelState, Phase, Session } from './state.ts';

export function afterEvent<Name extends PanelName>(
  state: PanelState<Name>,
  event: PanelEvent<Name>,
): PanelState<Name> {
  if (event.type === 'cleared') return { phase: { type: 'empty' } };
  const { now } = state;
  return now ? { ...state, now: sessionAfter(now, event) } : sessionAfter(state, event);
}

function sessionAfter<Name extends PanelName>(
  session: Session<Name>,
  event: Exclude<PanelEvent<Name>, { type: 'cleared' }>,
): Session<Name> {
  const { shown } = session;
  const last = shown ? { shown } : {};
  const before = session.before ? { before: session.before } : {};
  switch (event.type) {
    case 'loading':
      return event.isOver ? beforeIt(session) : begun(session);
    case 'opened':
      if (session.phase.type !== 'opening') return session;
      return event.hasSession ? { ...before, phase: { type: 'loading' } } : beforeIt(session);
    case 'stopped':
      return { shown: { moment: event.moment, view: event.view }, phase: { type: 'stopped' } };
    case 'running':
      return { ...last, ...before, phase: { type: 'running' } };
    case 'ended':
      // A run that never stopped, as without debugging, has verdicts of its own.
      if (!shown && session.before && event.ending.stoppedEarly) return beforeIt(session);
      return { ...last, phase: { type: 'ended', ending: event.ending } };
    case 'failed':
      // Another moment must not be taken for that of the session.
      return { phase: { type: 'failed', why: event.why } };
  }
}

/** A picture of the last session would be taken for one of the new session, but it is kept. */
function begun<Name extends PanelName>({ shown, phase, before }: Session<Name>): Session<Name> {
  const last = shown ? { shown, phase } : before;
  return { ...(last && { before: last }), phase: { type: 'loading' } };
}

/** What a session that ended before its first stop leaves: the last picture, of what is over. */
function beforeIt<Name extends PanelName>({ before }: Session<Name>): Session<Name> {
  if (!before) return { phase: { type: 'empty' } };
  const { shown, phase } = before;
  return { shown, phase: phase.type === 'ended' ? phase : { type: 'ended', ending: unjudged } };
}

/** Of a session that was replaced without having ended by itself. */
const unjudged: Ending = {
  stoppedEarly: true,
  verdicts: [],
  counts: { violated: 0, holds: 0, unknown: 0 },
};

/** Pins a page to what it shows, if it shows something. */
export function pinned<Name extends PanelName>(state: PanelState<Name>): PanelState<Name> {
  const { shown, phase, now } = state;
  if (now || !shown) return state;
  const still: Phase = phase.type === 'running' ? { type: 'stopped' } : phase;
  return { shown, phase: still, now: { shown, phase } };
}

export function following<Name extends PanelName>(state: PanelState<Name>): PanelState<Name> {
  return state.now ?? state;
}

/** Whether the page shows another moment than that of its session. */
export function isBehind<Name extends PanelName>({ shown, now }: PanelState<Name>): boolean {
  if (!now) return false;
  return now.phase.type === 'running' || placeOf(shown?.moment) !== placeOf(now.shown?.moment);
}

function placeOf(moment: Moment | undefined): string {
  const { scenario, branch, step, entered } = moment ?? {};
  return JSON.stringify([scenario, branch, step, entered]);
}

/**
 * VS Code discards the page of a hidden panel, but keeps its state. A run that went on meanwhile
 * may be over by now, so the kept phase is not trusted: the adapter reports the current one.
 */
export function restored<Name extends PanelName>(kept: unknown): PanelState<Name> {
  const { shown, phase, now, before } = (kept ?? {}) as Partial<PanelState<Name>>;
  // Earlier versions kept other data.
  if (!shown || !phase) return { ...(before && { before }), phase: { type: 'opening' } };
  const state = { shown, phase: unsure(phase) };
  return now?.phase ? { ...state, now: { ...now, phase: unsure(now.phase) } } : state;
}

function unsure(phase: Phase): Phase {
  return phase.type === 'running' ? { type: 'stopped' } : phase;
}
