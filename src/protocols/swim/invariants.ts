/** What SWIM promises at every step: of incarnations, of views, and of the time that it takes. */
import { invariant } from '../../protocol/define.ts';
import type { Frozen, Invariant, Micros, NodeId } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { isMember } from './observed.ts';
import { timingInvariants } from './timing-invariants.ts';
import type { Listed, Update } from './state.ts';

/** §4.2: no other member may raise it, so that the newest news of a member is its own. */
const ownerRaises = invariant<Record<NodeId, number>>({
  doc: 'No member knows a higher incarnation of another one than that one ever had (§4.2).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isMember(acted)) return undefined;
    const { incarnation, members } = acted.state;
    memory[acted.id] = Math.max(memory[acted.id] ?? 0, incarnation);
    for (const id in members) {
      const known = members[id].incarnation;
      if (known <= (memory[id] ?? 0)) continue;
      const most = memory[id] ?? 0;
      return `${acted.id} knows incarnation ${known} of ${id}, which had ${most} at most.`;
    }
    return undefined;
  },
});

type Said = readonly Frozen<Listed | Update>[];

/** What a message says of members: updates, or a list. */
function saidIn(body: object): Said {
  const { updates, members } = body as { updates?: Said; members?: Said };
  return updates ?? members ?? [];
}

const refutes = invariant({
  doc: 'A member that learns of its suspicion or death has a higher incarnation afterwards (§4.2).',
  when: ({ acted, message }) => isMember(acted) && message !== undefined,
  check({ acted, message }) {
    if (!isMember(acted) || !acted.up || acted.state.hasLeft) return undefined;
    for (const { member, status, incarnation } of saidIn(message!.body)) {
      if (member !== acted.id || (status !== 'suspect' && status !== 'dead')) continue;
      if (acted.state.incarnation > incarnation) continue;
      const said = `${message!.from} told ${acted.id} that it is ${status} with incarnation`;
      return `${said} ${incarnation}, but ${acted.id} did not refute it: it will be held dead.`;
    }
    return undefined;
  },
});

const rank = { alive: 0, suspect: 1, dead: 2, left: 2 } as const;

interface Views {
  boots: number;
  members: Record<NodeId, { incarnation: number; status: keyof typeof rank }>;
}

/** A restarted member begins with a new view. */
const neverBackwards = invariant<Record<NodeId, Views>>({
  doc: 'What a member knows of another one is only replaced by what overrides it (§4.2).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isMember(acted)) return undefined;
    const { boots, members } = acted.state;
    let view = memory[acted.id];
    if (view?.boots !== boots) view = memory[acted.id] = { boots, members: {} };
    for (const id in members) {
      const { incarnation, status } = members[id];
      const before = view.members[id];
      if (before?.incarnation === incarnation && before.status === status) continue;
      view.members[id] = { incarnation, status };
      if (before === undefined || incarnation > before.incarnation) continue;
      const isLater = incarnation === before.incarnation && rank[status] > rank[before.status];
      // In the paper a death overrides every incarnation.
      if (isLater || (rank[status] === 2 && rank[before.status] < 2)) continue;
      const [from, to] = [before, { status, incarnation }].map(
        (one) => `${one.status} (${one.incarnation})`,
      );
      return `${acted.id} held ${id} ${from}, and now ${to}, which does not override it.`;
    }
    return undefined;
  },
});

/**
 * That a running member is not held dead for good, as far as one step can show it: an exchange of
 * lists ends it. How soon two members exchange lists is a matter of intervals and of the network.
 */
const answersNotDead = invariant({
  doc: 'A member whose list arrives is not held dead with an earlier incarnation than it has.',
  when: ({ message }) => message !== undefined && 'members' in message.body,
  check({ acted, message }) {
    if (!isMember(acted) || !acted.up) return undefined;
    const { from, body } = message!;
    const known = acted.state.members[from];
    // A member that has left answers as well, and may be held dead.
    const isHere = saidIn(body).some(({ member, status }) => member === from && status === 'alive');
    if (!isHere || known?.status !== 'dead') return undefined;
    if (known.incarnation >= body.incarnation) return undefined;
    return (
      `${from} sent its list to ${acted.id} with incarnation ${body.incarnation}, but ` +
      `${acted.id} still holds it dead with ${known.incarnation}.`
    );
  },
});

interface Since {
  /** Observer and member → when the observer began to suspect the member, in virtual time. */
  suspected: Record<string, { incarnation: number; at: Micros; shortest: Micros }>;
}

/** Clocks drift by much less. */
const tolerance = 0.02;

/** A declaration that a member heard of ends its own suspicion at once; its own one may not. */
const deathWaits = invariant<Since>({
  doc: 'A member declares another one dead only after it suspected it for the timeout (§4.2).',
  remember: () => ({ suspected: {} }),
  check({ acted, time, events, memory: { suspected } }) {
    if (!isMember(acted) || acted.state.suspicions === null) return undefined;
    for (const { name, fields } of events) {
      if (name !== 'MemberDied' || fields.by !== acted.id) continue;
      const since = suspected[`${acted.id} ${fields.member}`];
      const passed = time - (since?.at ?? time);
      if (since !== undefined && passed >= since.shortest * (1 - tolerance)) continue;
      const least = since === undefined ? 'any suspicion' : asDuration(since.shortest);
      return (
        `${acted.id} declared ${fields.member} dead ${asDuration(passed)} after it began to ` +
        `suspect it, but ${least} has to pass first: ${fields.member} could not refute it.`
      );
    }
    for (const [id, { incarnation, shortest }] of Object.entries(acted.state.suspicions)) {
      const name = `${acted.id} ${id}`;
      if (suspected[name]?.incarnation === incarnation) continue;
      suspected[name] = { incarnation, at: time, shortest };
    }
    return undefined;
  },
});

/** λ⌈log10(n + 1)⌉ can be no more than it is with all nodes of the run. */
const fewTransmissions = invariant({
  doc: 'An update is passed on at most λ log n times by each member (§4.1).',
  check({ acted, nodes }) {
    if (!isMember(acted)) return undefined;
    for (const { sent, limit, update } of acted.state.rumours) {
      const most = limit * Math.ceil(Math.log10(nodes.length + 1));
      if (sent <= most) continue;
      const { member, status } = update;
      return `${acted.id} has passed on ${member} ${status} ${sent} times, not ${most}.`;
    }
    return undefined;
  },
});

export const invariants: Record<string, Invariant> = {
  'only its owner raises an incarnation': ownerRaises,
  'an accused member refutes': refutes,
  'a view never goes backwards': neverBackwards,
  'a member that answers is not held dead': answersNotDead,
  'a death waits for its suspicion': deathWaits,
  'an update is sent λ log n times': fewTransmissions,
  ...timingInvariants,
};
