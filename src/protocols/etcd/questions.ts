/** Questions about leases: the primary lessor answers them; other members pass them on to it. */
// Not through the log: a keep-alive is a request from member to member (EtcdServer.LeaseRenew). So
// a leader renews a lease without a quorum, until it steps down.
import { frozen } from '../../protocol/define.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';
import { type Answer, failure, type LeaseQuestion } from './api.ts';
import { answer, requestTimeout, type Server } from './leadership.ts';
import { answerOf, electionTimeout, isPrimary } from './lessor.ts';
import type { Caller, MemberMessages } from './state.ts';
import { keysOf } from './store.ts';

/** In etcd, the attempt to reach a leader whose process is gone fails, and is repeated at once. */
const retryInterval = milliseconds(200);

export function ask(node: Server, caller: Caller, question: Frozen<LeaseQuestion>): void {
  if (isPrimary(node)) return answer(node, caller, answerOf(node, question, keysOf));
  const { state } = node;
  const serial = ++state.serial;
  state.forwarded[serial] = frozen({ caller, question });
  node.setTimer('requestTimeout', requestTimeout(node), serial, String(serial));
  passOnQuestion(node, serial);
}

/** Without a leader, it looks for one again after an election timeout. */
export function passOnQuestion(node: Server, serial: number): void {
  const { leaderId, forwarded } = node.state;
  const waiting = forwarded[serial];
  if (waiting === undefined) return;
  const after = leaderId === null ? electionTimeout(node) : retryInterval;
  node.setTimer('askAgain', after, serial, String(serial));
  if (leaderId === null) return;
  node.send(leaderId, { type: 'AskLessor', serial, question: waiting.question });
}

export function answerMember(
  node: Server,
  { serial, question }: Frozen<MemberMessages['AskLessor']>,
  from: NodeId,
): void {
  const given = isPrimary(node) ? answerOf(node, question, keysOf) : null;
  node.send(from, { type: 'LessorAnswer', serial, answer: given });
}

export function lessorAnswered(
  node: Server,
  { serial, answer: given }: Frozen<{ serial: number; answer: Answer | null }>,
): void {
  const waiting = node.state.forwarded[serial];
  if (waiting === undefined) return;
  if (given === null) return;
  endQuestion(node, serial);
  answer(node, waiting.caller, given);
}

export function giveUpQuestion(node: Server, serial: number): void {
  const waiting = node.state.forwarded[serial];
  if (waiting === undefined) return;
  endQuestion(node, serial);
  const why = node.state.leaderId === null ? 'no leader' : 'request timed out';
  answer(node, waiting.caller, failure(`etcdserver: ${why}`));
}

function endQuestion(node: Server, serial: number): void {
  delete node.state.forwarded[serial];
  node.cancelTimer('requestTimeout', String(serial));
  node.cancelTimer('askAgain', String(serial));
}
