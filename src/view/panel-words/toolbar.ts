/** The words of a panel's toolbar: follow or pin, the motions of a presented panel, its failure. */
import type { Moment, PresentedMotion, PhaseName } from '../contract.ts';

export const labels = {
  toolbar: 'Panel',
  pin: 'Pin to this moment',
  follow: 'Follow the session',
  endPresentation: 'End Presentation',
  play: 'Play',
  pause: 'Pause',
} as const;

export const motionLabels: Readonly<Record<PresentedMotion, string>> = {
  'step back': 'Step Back',
  step: 'Step',
  continue: 'Continue',
};

type Where = Pick<Moment, 'branch' | 'step'>;

/** `now` is where the session is; undefined while it has no moment to show. */
export function pinnedText(
  pinned: Where,
  now: Where | undefined,
  phase: PhaseName,
): string {
  return `Pinned at ${place(pinned)}; ${sessionText(pinned, now, phase)}`;
}

function sessionText(
  pinned: Where,
  now: Where | undefined,
  phase: PhaseName,
): string {
  if (phase === 'running') return 'the session is running';
  if (phase === 'loading') return 'the session is loading';
  if (phase === 'ended') return 'the session has ended';
  if (phase === 'failed') return 'the current step cannot be shown';
  if (!now) return 'there is no session';
  const isThere = now.step === pinned.step && now.branch === pinned.branch;
  return isThere ? 'the session is at the same step' : `the session is at ${place(now)}`;
}

/** The first branch needs no name. */
function place({ branch, step }: Where): string {
  return branch === 0 ? `step ${step}` : `step ${step} of branch ${branch}`;
}

/** A pinned picture is of the past, so nothing can be done in it. */
export const pinnedNotice =
  'This picture is pinned. Press Follow the session before you act in it.';

/** `message` is the error's own. */
export function drawingFailed(message: string): string {
  const reason = message.split('\n')[0]!.replace(/\.$/, '');
  return (
    `Internal error: this panel could not be drawn: ${reason}. ` + 'Close it and open it again.'
  );
}
