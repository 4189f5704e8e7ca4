/** The sentences about a run in which the two generals disagree. */
import type { BrokenAgreement } from './construction.ts';
import { countText } from './scenario-text.ts';

/** The name that is proposed for the file of the scenario. */
export function brokenFileName({ acknowledgements }: BrokenAgreement): string {
  return `${acknowledgements}-acknowledgements.broken.scenario.yaml`;
}

/** Two sentences: why its sender attacks without knowing, and why its receiver does not. */
export function whyBroken(broken: BrokenAgreement): string {
  const { attacks, stays, isSame } = broken;
  const last = lastText(broken);
  const known = isSame ? 'the same state' : 'another state';
  return `${attacks} sent ${last} and no message answers it, so ${attacks} has ${known} at dawn ` +
    `whether or not it arrives, and attacks in both runs. ${stays} stays back without ${last}: ` +
    `if ${stays} attacked without it, ${last} would make no difference and could be left out.`;
}

/** One line of the argument by induction: what is lost, and who attacks alone. */
export function brokenLine(broken: BrokenAgreement): string {
  const { acknowledgements, attacks, stays } = broken;
  const lost = `${lastText(broken)} is lost`;
  const what = `${attacks} attacks alone, ${stays} stays back`;
  return `${String(acknowledgements).padStart(7)}  ${lost.padEnd(23)} ${what}`;
}

export function headOf(broken: BrokenAgreement): string {
  const { acknowledgements, attacks, stays } = broken;
  const what = `${lastText(broken)} is lost, ${attacks} attacks, ${stays} stays back`;
  return `${countText(acknowledgements)}: ${what}.`;
}

function lastText({ acknowledgements }: BrokenAgreement): string {
  return acknowledgements === 0 ? 'the order' : `message ${acknowledgements}`;
}
