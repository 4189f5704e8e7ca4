/** Constructs, for any number of acknowledgements, the run in which the two generals disagree. */
import type { NodeId } from '../../protocol/types.ts';
import { library } from '../../protocols/library.ts';
import { twoGenerals } from '../../protocols/two-generals/two-generals.ts';
import { parseScenario } from '../../scenario/parse/parse.ts';
import { simulate } from '../simulate.ts';
import { brokenScenario } from './scenario-text.ts';

/** A run of the protocol, and what both generals do at its end. */
export interface BrokenAgreement {
  readonly acknowledgements: number;
  /** The scenario, as the text of a file. */
  readonly scenario: string;
  /** The general that attacks alone: it sent the last message, or ordered with no messages. */
  readonly attacks: NodeId;
  readonly stays: NodeId;
  /** Whether the general that attacks has the same state as in the run in which all arrives. */
  readonly isSame: boolean;
}

const { min, max } = twoGenerals.roles.general.options!.acknowledgements as
  { readonly min: number; readonly max: number };

/** How many acknowledgements the protocol takes. */
export const acknowledgementsLimits = { min, max };

/**
 * The last message is lost. Its sender has received all that it can receive, so it attacks; its
 * receiver lacks it, so it does not. Both are read from the run, and so is what the sender knows.
 */
export function breakAgreement(acknowledgements: number): BrokenAgreement {
  const scenario = brokenScenario(acknowledgements);
  const lost = endOf(scenario);
  const arrived = endOf(scenario.replace('- drop Messenger', '- deliver Messenger'));
  const attacks = lost.find(({ did }) => did === 'attack');
  const stays = lost.find(({ did }) => did === 'stay');
  if (attacks === undefined || stays === undefined) {
    throw new Error(`the generals agree with ${acknowledgements} acknowledgements`);
  }
  const same = arrived.find(({ id }) => id === attacks.id);
  const isSame = same?.known === attacks.known;
  return { acknowledgements, scenario, attacks: attacks.id, stays: stays.id, isSame };
}

interface General {
  readonly id: NodeId;
  readonly did: unknown;
  /** Its whole state, to be compared. */
  readonly known: string;
}

function endOf(text: string): readonly General[] {
  const { scenario, problems } = parseScenario(text, 'generals.scenario.yaml', library);
  if (scenario === undefined) throw new Error(problems[0]?.message);
  return simulate(scenario).world.nodes.map(({ id, state }) => {
    return { id, did: (state as { did?: unknown }).did, known: JSON.stringify(state) };
  });
}
