/** Commands that take a pending message or timer into their own hands. */
import { parseMessageName, parseTimerName } from '../../kernel/text/action-text.ts';
import type { Role } from '../../protocol/types.ts';
import type { CommandReader } from '../parse/reader.ts';
import type { Command, MessageSelector, NodeSelector } from '../scenario.ts';
import { didYouMean, oneOf } from '../suggest.ts';

type MessageVerb = 'drop' | 'duplicate' | 'delay' | 'deliver';

/** `drop|duplicate|deliver FROM->TO [MESSAGE]`, `delay FROM->TO [MESSAGE] by 50ms` */
export function readMessageFault(reader: CommandReader, verb: string): Command | undefined {
  const type = verb as MessageVerb;
  const which = readMessage(reader);
  if (which === undefined) return undefined;
  if (type !== 'delay') {
    if (!reader.readEnd(`\`${verb}\` takes one message`)) return undefined;
    return { type, which };
  }
  if (!reader.takes('by')) {
    return reader.fail(
      '`by` and a duration are expected',
      reader.next,
      'write `delay n1->n2 by 50ms`',
    );
  }
  const by = reader.readSpan('50ms');
  if (by === undefined || !reader.readEnd('the delay ends here')) return undefined;
  return { type, which, by };
}

function readMessage(reader: CommandReader): MessageSelector | undefined {
  const first = reader.next;
  if (first === undefined) {
    return reader.fail(
      'a message is expected',
      first,
      'write `n1->n3`, `n1->n3 AppendEntries` or `n1->n3#4`',
    );
  }
  const isType = first.text.startsWith('[') || Object.hasOwn(messageTypes(reader), first.text);
  if (isType) return readType(reader, {});
  const from = readSide(reader);
  if (from === undefined) return undefined;
  if (!reader.takes('->')) return reader.fail('`->` and the receiver are expected', reader.next);
  const to = reader.next;
  const exact = to?.text.includes('#') ? parseMessageName(`${first.text}->${to.text}`) : undefined;
  if (exact !== undefined && to !== undefined) {
    reader.take();
    if (reader.nodeIdOf(first, exact.from) === undefined) return undefined;
    if (reader.nodeIdOf(to, exact.to) === undefined) return undefined;
    return { exact };
  }
  const receiver = readSide(reader);
  if (receiver === undefined) return undefined;
  const link = { ...(from !== '*' && { from }), ...(receiver !== '*' && { to: receiver }) };
  if (reader.next === undefined || reader.next.text === 'by') return link;
  return readType(reader, link);
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
  const names = Object.keys(types);
  const known = `the messages are ${names.join(', ')}`;
  return reader.fail(
    `there is no message \`${message}\``,
    token,
    didYouMean(message, names) ?? known,
  );
}

function messageTypes(reader: CommandReader): Readonly<Record<string, unknown>> {
  const roles: Role[] = Object.values(reader.context.protocol.roles);
  return Object.assign({}, ...roles.map((role) => role.messages));
}

/** `fire NODE TIMER`, `fire NODE TIMER[key]` */
export function readFire(reader: CommandReader): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const timers = timerNames(reader, node);
  const token = reader.take();
  if (token === undefined) return reader.fail(`a timer is expected: ${oneOf(timers)}`, token);
  const { timer, key } = parseTimerName(token.text) ?? { timer: token.text, key: '' };
  if (!timers.includes(timer)) {
    const message = `there is no timer \`${timer}\`; the timers are ${timers.join(', ') || 'none'}`;
    return reader.fail(message, token, didYouMean(timer, timers));
  }
  if (!reader.readEnd('`fire` takes one timer')) return undefined;
  return { type: 'fire', node, timer, key };
}

function timerNames(reader: CommandReader, node: NodeSelector): string[] {
  const { nodes, protocol } = reader.context;
  const role = typeof node === 'string' ? nodes.find(({ id }) => id === node)?.role : undefined;
  const roles = role === undefined ? Object.keys(protocol.roles) : [role];
  return roles.flatMap((name) => Object.keys(protocol.roles[name].timers));
}
