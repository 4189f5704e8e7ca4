/** The events of servers and clients, each in a sentence. */
import { causalEvents } from '../causal/causal-state.ts';
import { gossipEvents } from '../gossip/gossip-state.ts';
import type { Client, Server } from './state.ts';

export const events: Record<
  keyof Server['events'] | keyof Client['events'] | 'WriteLost', string
> = {
  RequestHeld: 'A server holds a request until it has applied what the session needs.',
  RequestReleased: 'A server has applied what a held request needs, and executes it.',
  RepetitionIgnored: 'A write arrived again, or after a later one of its client.',
  WriteApplied: 'The leader or a follower has applied a write.',
  CopyStored: 'A server has stored a copy that is newer than its own.',
  StaleCopyFound: 'A coordinator found an older copy, and sends the server the newest one.',
  WriteBackStarted: 'A read stores what it found at a write quorum before it is answered.',
  QuorumReached: 'A coordinator has its quorum, and answers the client.',
  WriteAnswered: 'A write is on as many servers as required, and its client is answered.',
  QuorumMissed: 'Too few servers answered the coordinator, which gives up the request.',
  StandInAsked: 'A server does not answer: the coordinator asks another in its place.',
  HintKept: 'A server keeps a register for another one that could not be reached.',
  HintDelivered: 'A server has delivered a register that it kept for another one.',
  ...causalEvents,
  ...gossipEvents,
  TimedOut: 'No answer came in time: the client does not know whether a write took effect.',
  Answered: 'A client has the answer to its request.',
};
