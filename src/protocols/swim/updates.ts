/** Updates: which one overrides which (§4.2), and what a member does with one that it hears. */
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { spread } from './dissemination.ts';
import { worsen } from './lifeguard.ts';
import { isPresent, type Known, type SwimNode, type Update } from './state.ts';
import { confirm, endSuspicion, suspect } from './suspicion.ts';

/**
 * Whether an update overrides what is known. Alive with i overrides alive, suspect and dead with j
 * if i > j. Suspect with i overrides suspect with j if i > j, and alive with j if i ≥ j. Dead with
 * i overrides alive and suspect with j if i ≥ j. In the paper a death ("Confirm") is final: it
 * overrides every incarnation. In memberlist the dead member may come back with a higher one.
 */
export function overrides(
  { status, incarnation: i }: Frozen<Update>,
  { status: known, incarnation: j }: Readonly<Pick<Known, 'status' | 'incarnation'>>,
  deathIsFinal: boolean,
): boolean {
  const isGone = known === 'dead' || known === 'left';
  if (isGone && deathIsFinal) return false;
  switch (status) {
    case 'alive':
      return i > j;
    case 'suspect':
      return known === 'alive' ? i >= j : known === 'suspect' && i > j;
    case 'dead':
    case 'left':
      return !isGone && (i >= j || deathIsFinal);
  }
}

/** A member hears an update: from another member, or from its own probe. */
export function hear(node: SwimNode, update: Frozen<Update>): void {
  const { state, options } = node;
  const { member, status, incarnation } = update;
  if (member === node.id) return hearOfItself(node, update);
  const known = state.members[member];
  if (known === undefined) {
    // Only a member that is alive is news: of others there is nothing to forget.
    if (status === 'alive') welcome(node, update);
    return;
  }
  if (!overrides(update, known, options.deathIsFinal)) return confirm(node, update);
  const was = known.status;
  state.members[member] = { status, incarnation, since: node.now() };
  endSuspicion(node, member);
  report(node, update, was);
  if (status === 'suspect') suspect(node, update);
  if (!isPresent(state.members[member])) state.round = state.round.filter((id) => id !== member);
  else if (was === 'dead' || was === 'left') insertAtRandom(node, member);
  spread(node, update);
}

function welcome(node: SwimNode, update: Frozen<Update>): void {
  const { member, incarnation } = update;
  node.state.members[member] = { status: 'alive', incarnation, since: node.now() };
  node.event('MemberJoined', { member, incarnation });
  insertAtRandom(node, member);
  spread(node, update);
}

/** §4.3: a new member is "inserted in the membership list at a position chosen at random". */
function insertAtRandom(node: SwimNode, member: NodeId): void {
  const { round } = node.state;
  if (round.includes(member)) return;
  round.splice(node.random(round.length + 1), 0, member);
}

function report(node: SwimNode, update: Frozen<Update>, was: Known['status']): void {
  const { member, status, incarnation, by } = update;
  if (status === 'suspect') node.event('MemberSuspected', { member, incarnation, by });
  else if (status === 'dead') node.event('MemberDied', { member, incarnation, by });
  else if (status === 'left') node.event('MemberLeft', { member, incarnation });
  else if (was !== 'alive') node.event('MemberReturned', { member, incarnation, was });
}

/**
 * §4.2: the incarnation number of a member is raised by that member alone, when it learns that it
 * is suspected. After a restart, others may know a higher one than it does itself.
 */
function hearOfItself(node: SwimNode, { status, incarnation, by }: Frozen<Update>): void {
  const { state, options } = node;
  if (state.hasLeft || !options.refutation) return;
  const isOld = status === 'alive' ? incarnation <= state.incarnation
    : incarnation < state.incarnation;
  if (isOld) return;
  state.incarnation = Math.max(state.incarnation, incarnation) + 1;
  if (status !== 'alive') {
    node.event('AccusationRefuted', { incarnation: state.incarnation, accusedAs: status, by });
    worsen(node, 1);
  }
  spread(node, ownUpdate(node, 'alive'));
}

/** The suspected member has not refuted in time. */
export function declareDead(node: SwimNode, member: NodeId): void {
  const { incarnation } = node.state.members[member];
  hear(node, { member, status: 'dead', incarnation, by: node.id });
}

export function ownUpdate(node: SwimNode, status: 'alive' | 'left'): Update {
  return { member: node.id, status, incarnation: node.state.incarnation, by: node.id };
}
