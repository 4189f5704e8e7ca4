/** Summaries of the messages and events of SWIM. */
import type { Frozen, NodeId, Summary } from '../../protocol/types.ts';
import type { Listed, Member, Update } from './state.ts';

interface Said {
  readonly member: NodeId;
  readonly status: string;
  readonly incarnation: number;
}

/** `n3 suspect (2)`: the number is the incarnation. */
function words({ member, status, incarnation }: Frozen<Said>): string {
  return `${member} ${status} (${incarnation})`;
}

function withUpdates(what: string, updates: readonly Frozen<Update>[]): string {
  return [what, updates.map(words).join(', ')].filter((part) => part !== '').join('; ');
}

/** The others of a list, if all of them are alive, are only counted. */
function listWords(members: readonly Frozen<Listed>[]): string {
  const notable = members.filter(({ status }) => status !== 'alive').map(words);
  return [`${members.length} members`, ...notable].join(', ');
}

export const summary: Summary<Member> = {
  messages: {
    Ping: ({ sequence, updates }) => withUpdates(`${sequence}`, updates),
    PingReq: ({ sequence, target, updates }) => withUpdates(`${sequence}, ping ${target}`, updates),
    Ack: ({ sequence, updates }) => withUpdates(`${sequence}`, updates),
    Nack: ({ sequence, updates }) => withUpdates(`${sequence}`, updates),
    Gossip: ({ updates }) => withUpdates('', updates),
    PushPull: ({ members }) => listWords(members),
    PushPullReply: ({ members }) => listWords(members),
  },
};
