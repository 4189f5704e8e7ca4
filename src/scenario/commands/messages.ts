/** Commands that act on one pending message or timer. */
import { parseMessageName, parseTimerName } from '../../kernel/text/action-text.ts';
import type { Role } from '../../protocol/types.ts';
import { refusesOnConnections } from './hosts.ts';
import { type CommandReader, selectorText } from './reader.ts';
import type { Command, MessageSelector, NodeSelector } from '../scenario.ts';
import { unknownName, useOneOf } from '../suggest.ts';
import type { Token } from './tokens.ts';

type MessageVerb = 'drop' | 'duplicate' | 'delay' | 'deliver';

/** `drop|duplicate|deliver FROM->TO [MESSAGE]`, `delay FROM->TO [MESSAGE] by 50ms` */
export function readMessageFault(reader: CommandReader, verb: string): Command | undefined {
  const type = verb as MessageVerb;
  const which = readMessage(reader, verb);
  if (which === undefined) return undefined;
  if (type !== 'delay') {
    if (!reader.readEnd(`${verb} NODE->NODE MESSAGE`)) return undefined;
    if (type === 'duplicate' && refusesCopy(reader, which)) return undefined;
    return { type, which };
  }
  const form = 'delay NODE->NODE MESSAGE by 50ms';
  if (!reader.takes('by')) {
    const message = 'expected `by` and a duration';
    const hint = 'write `delay n1->n2 by 50ms`';
    return reader.fail({ code: 'expected-duration', message, hint }, reader.next);
  }
  const by = reader.readSpan('50ms');
  if (by === undefined || !reader.readEnd(form)) return undefined;
  return { type, which, by };
}

function refusesCopy(reader: CommandReader, which: MessageSelector): boolean {
  const { from, to } = 'exact' in which ? which.exact : which;
  const [senders, receivers] = [from, to].map((one) => (one === undefined ? undefined : [one]));
  return refusesOnConnections(reader, 'duplicate', senders, receivers, reader.tokens[1]);
}

function readMessage(reader: CommandReader, verb: string): MessageSelector | undefined {
  const first = reader.next;
  if (first === undefined) {
    const message = 'expected a message';
    const hint = 'write `n1->n3`, `n1->n3 AppendEntries` or `n1->n3#4`';
    return reader.fail({ code: 'expected-message', message, hint }, first);
  }
  const isType = first.text.startsWith('[') || Object.hasOwn(messageTypes(reader), first.text);
  if (isType) return readType(reader, {});
  const from = readSide(reader);
  if (from === undefined || !reader.readArrow(`${verb} n1->n2`)) return undefined;
  const to = reader.next;
  const exact = to?.text.includes('#') ? parseMessageName(`${first.text}->${to.text}`) : undefined;
  if (exact !== undefined && to !== undefined) {
    reader.take();
    if (reader.nodeIdOf(first, exact.from) === undefined) return undefined;
    if (reader.nodeIdOf(to, exact.to) === undefined) return undefined;
    if (refusesOwn(reader, verb, exact.from, exact.to, to)) return undefined;
    return { exact };
  }
  const receiver = readSide(reader);
  if (receiver === undefined) return undefined;
  if (refusesOwn(reader, verb, from, receiver, to)) return undefined;
  const link = { ...(from !== '*' && { from }), ...(receiver !== '*' && { to: receiver }) };
  if (reader.next === undefined || reader.next.text === 'by') return link;
  return readType(reader, link);
}

/** The network can do nothing to a message of a node to itself; it can only be delivered. */
function refusesOwn(
  reader: CommandReader,
  verb: string,
  from: NodeSelector,
  to: NodeSelector,
  token: Token | undefined,
): boolean {
  if (verb === 'deliver' || typeof to !== 'string' || to === '*' || from !== to) return false;
  const message = `a message of \`${to}\` to itself does not pass through the network`;
  const hint = 'name two different nodes';
  reader.fail({ code: 'own-message', message, hint }, token);
  return true;
}

function readSide(reader: CommandReader): NodeSelector | '*' | undefined {
  return reader.takes('*') ? '*' : reader.readNode();
}

function readType(
  reader: CommandReader,
  link: { from?: NodeSelector; to?: NodeSelector },
): MessageSelector | undefined {
  const token = reader.take()!;
  const message = token.text.replace(/^\[(.*)\]$/, '$1');
  const types = messageTypes(reader);
  if (Object.hasOwn(types, message)) return { ...link, message };
  const lacks = `${reader.context.protocol.name} has no message`;
  return reader.fail(unknownName('unknown-message', lacks, message, Object.keys(types)), token);
}

/** What passes on connections besides the protocol's messages. */
const signalTypes = { 'SYN': true, 'SYN-ACK': true, 'FIN': true, 'RST': true };

function messageTypes(reader: CommandReader): Readonly<Record<string, unknown>> {
  const roles: Role[] = Object.values(reader.context.protocol.roles);
  const signals = reader.context.protocol.connections === undefined ? {} : signalTypes;
  return Object.assign({}, signals, ...roles.map((role) => role.messages));
}

/** `fire NODE TIMER`, `fire NODE TIMER[key]` */
export function readFire(reader: CommandReader): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const timers = timerNames(reader, node);
  const token = reader.take();
  if (token === undefined) {
    const hint = timers.length > 0 ? useOneOf(timers) : undefined;
    return reader.fail({ code: 'expected-timer', message: 'expected a timer', hint }, token);
  }
  const { timer, key } = parseTimerName(token.text) ?? { timer: token.text, key: '' };
  if (!timers.includes(timer)) {
    const lacks = `\`${selectorText(node)}\` has no timer`;
    return reader.fail(unknownName('unknown-timer', lacks, timer, timers), token);
  }
  if (!reader.readEnd('fire NODE TIMER')) return undefined;
  return { type: 'fire', node, timer, key };
}

function timerNames(reader: CommandReader, node: NodeSelector): string[] {
  const { nodes, protocol } = reader.context;
  const role = typeof node === 'string' ? nodes.find(({ id }) => id === node)?.role : undefined;
  const roles = role === undefined ? Object.keys(protocol.roles) : [role];
  return roles.flatMap((name) => Object.keys(protocol.roles[name].timers));
}
