/** Commands about hosts and connections: lost hosts, resets, and what a host does by itself. */
import { areConnected, type NodeSetup } from '../../kernel/plan.ts';
import type { Action } from '../../kernel/action.ts';
import type { Micros, NodeId, Protocol } from '../../protocol/types.ts';
import type { Mistake } from '../problem.ts';
import type { Command, NodeSelector } from '../scenario.ts';
import type { CommandReader } from './reader.ts';
import type { Token } from './tokens.ts';

/** `power off NODE… [for 5s]` */
export function readPower(reader: CommandReader): Command | undefined {
  if (reader.next?.text === 'on') {
    const message = 'there is no command `power on`';
    const hint = 'write `restart NODE`, which gives the host its power back';
    return reader.fail({ code: 'expected-word', message, hint }, reader.next);
  }
  if (!readWord(reader, 'off', `power off ${exampleNode(reader)}`)) return undefined;
  return readLostHost(reader, 'power-off', 'power off NODE… for 5s');
}

/** `unplug NODE… [for 5s]` */
export function readUnplug(reader: CommandReader): Command | undefined {
  return readLostHost(reader, 'unplug', 'unplug NODE… for 5s');
}

function readLostHost(
  reader: CommandReader,
  type: 'power-off' | 'unplug',
  form: string,
): Command | undefined {
  const nodes = reader.readNodes();
  const lasting = nodes && reader.readFor();
  if (!nodes || !lasting || !reader.readEnd(form)) return undefined;
  return { type, nodes, ...lasting };
}

/** `plug in NODE…` */
export function readPlug(reader: CommandReader): Command | undefined {
  if (!readWord(reader, 'in', `plug in ${exampleNode(reader)}`)) return undefined;
  const nodes = reader.readNodes();
  if (nodes === undefined || !reader.readEnd('plug in NODE…')) return undefined;
  return { type: 'plug-in', nodes };
}

/** A node of the scenario, for examples. */
function exampleNode({ nodeIds }: CommandReader): string {
  return nodeIds[0] ?? 'n1';
}

function readWord(reader: CommandReader, word: string, example: string): boolean {
  if (reader.takes(word)) return true;
  const mistake = { code: 'expected-word', message: `expected \`${word}\`` } as const;
  reader.fail({ ...mistake, hint: `write \`${example}\`` }, reader.next);
  return false;
}

/** `reset NODE - NODE` */
export function readReset(reader: CommandReader): Command | undefined {
  const one = reader.readNode();
  if (one === undefined || !readWord(reader, '-', 'reset A - db')) return undefined;
  const token = reader.next;
  const other = reader.readNode();
  if (other === undefined || !reader.readEnd('reset NODE - NODE')) return undefined;
  if (isSame(one, other)) {
    const message = `\`${String(one)}\` has no connection to itself`;
    return reader.fail({ code: 'own-link', message, hint: 'name two different nodes' }, token);
  }
  const { protocol, nodes } = reader.context;
  if (typeof one === 'string' && typeof other === 'string') {
    if (!mayConnect(protocol, nodes, one, other)) {
      return reader.fail(noConnection(protocol, nodes, one, other), token);
    }
  }
  return { type: 'reset', between: [one, other] };
}

function isSame(one: NodeSelector, other: NodeSelector): boolean {
  return typeof one === 'string' && one === other;
}

/** `retransmit NODE CONNECTION`, `probe NODE CONNECTION` */
export function readRepeated(reader: CommandReader, verb: string): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const token = reader.take();
  if (token === undefined) {
    const hint = `write \`${verb} A A-db:1\``;
    return reader.fail({ code: 'expected-word', message: 'expected a connection', hint }, token);
  }
  if (!reader.readEnd(`${verb} NODE CONNECTION`)) return undefined;
  return { type: verb as 'retransmit' | 'probe', node, connection: token.value };
}

/** Why two nodes have no connection: they exchange datagrams, or talk with other nodes only. */
function noConnection(
  protocol: Protocol,
  nodes: readonly NodeSetup[],
  one: string,
  other: string,
): Mistake {
  const peersOf = (node: string) =>
    nodes.map(({ id }) => id).filter((id) => mayConnect(protocol, nodes, node, id));
  const [peers, otherPeers] = [peersOf(one), peersOf(other)];
  if (peers.length === 0 && otherPeers.length === 0) {
    const message = `\`${one}\` and \`${other}\` have no connections: they exchange datagrams`;
    const hint = `use \`partition ${one} | ${other}\` or \`drop ${one}->${other}\``;
    return { code: 'no-connection', message, hint };
  }
  const message = `\`${one}\` and \`${other}\` have no connection to each other`;
  const [from, to] = peers.length > 0 ? [one, peers[0]] : [other, otherPeers[0]];
  return { code: 'no-connection', message, hint: `write for example \`reset ${from} - ${to}\`` };
}

/** Whether nodes of two names talk over connections. */
function mayConnect(
  protocol: Protocol,
  nodes: readonly NodeSetup[],
  one: string,
  other: string,
): boolean {
  const [a, b] = [one, other].map((id) => nodes.find((node) => node.id === id));
  return a !== undefined && b !== undefined && areConnected(protocol, a, b);
}

/**
 * Notes a fault if all links between the given nodes (all nodes, if undefined) are connections:
 * what is sent on these arrives once and in order.
 */
export function refusesOnConnections(
  reader: CommandReader,
  what: 'duplicate' | 'reorder',
  from: readonly NodeSelector[] | undefined,
  to: readonly NodeSelector[] | undefined,
  token: Token | undefined,
): boolean {
  const { protocol, nodes } = reader.context;
  if (!areConnections(protocol, nodes, idsOf(from), idsOf(to))) return false;
  reader.fail(onConnections(what), token);
  return true;
}

/** The mistake of an effect that connections do not have. */
export function onConnections(what: 'duplicate' | 'reorder') {
  const happens = what === 'duplicate' ? 'arrives once' : 'arrives in order';
  const message = `\`${what}\` has no effect here: what is sent on a connection ${happens}`;
  const hint = 'use `loss` or `delay`, which delay it, or `drop` or `reset`, which end it';
  return { code: 'on-connection', message, hint } as const;
}

function idsOf(side: readonly NodeSelector[] | undefined): readonly string[] | undefined {
  if (side === undefined) return undefined;
  const ids = side.filter((one) => typeof one === 'string');
  // A node that is chosen by its standing may be any.
  return ids.length === side.length ? ids : undefined;
}

/** Whether there are links between the given nodes, and all of them are connections. */
export function areConnections(
  protocol: Protocol,
  nodes: readonly NodeSetup[],
  from: readonly string[] | undefined,
  to: readonly string[] | undefined,
): boolean {
  if (protocol.connections === undefined) return false;
  const all = nodes.map(({ id }) => id);
  const links = (from ?? all).flatMap((one) =>
    (to ?? all).flatMap((other) => (one === other ? [] : [[one, other] as const])),
  );
  // Nodes that may be added count too, but their links are known only then.
  return links.length > 0 && links.every(([a, b]) => mayConnect(protocol, nodes, a, b));
}

type HostCommand = Extract<
  Command,
  { type: 'power-off' | 'unplug' | 'plug-in' | 'retransmit' | 'probe' }
>;

/** The action of such a command on a node. */
export function hostAction(command: HostCommand, node: NodeId, at: Micros): Action {
  if ('connection' in command) {
    return { type: command.type, at, node, connection: command.connection };
  }
  const lasting = 'for' in command && command.for !== undefined ? { for: command.for } : {};
  return { type: command.type, at, node, ...lasting };
}
