/** Commands about disks: an fsync that is slow, or stands still. */
import type { Micros, NodeId } from '../../protocol/types.ts';
import type { Action } from '../../kernel/action.ts';
import type { Command, NodeSelector } from '../scenario.ts';
import { unknownName } from '../suggest.ts';
import type { CommandReader } from './reader.ts';

const words = ['stall', 'slow', 'ok', 'synced'];

/** `disk NODE stall [for 5s]`, `disk NODE slow 20ms`, `disk NODE ok`, `disk NODE synced` */
export function readDisk(reader: CommandReader): Command | undefined {
  const token = reader.next;
  const node = reader.readNode();
  if (node === undefined || keepsNothing(reader, node, token)) return undefined;
  const word = reader.take();
  if (word === undefined) {
    const message = 'expected what the disk does';
    const hint = 'write `disk n1 stall for 5s`, `disk n1 slow 20ms` or `disk n1 ok`';
    return reader.fail({ code: 'expected-word', message, hint }, word);
  }
  switch (word.text) {
    case 'stall': {
      const lasting = reader.readFor();
      if (!lasting || !reader.readEnd('disk NODE stall for 5s')) return undefined;
      return { type: 'disk', node, does: 'stall', ...lasting };
    }
    case 'slow': {
      const by = reader.readSpan('20ms');
      if (by === undefined || !reader.readEnd('disk NODE slow 20ms')) return undefined;
      return { type: 'disk', node, does: 'slow', by };
    }
    case 'ok':
      return reader.readEnd('disk NODE ok') ? { type: 'disk', node, does: 'ok' } : undefined;
    case 'synced':
      return reader.readEnd('disk NODE synced') ? { type: 'synced', node } : undefined;
    default:
      return reader.fail(unknownName('expected-word', 'a disk cannot', word.text, words), word);
  }
}

/** Notes a mistake if the role keeps nothing on disk: then its disk makes no difference. */
function keepsNothing(
  reader: CommandReader,
  node: NodeSelector,
  token: CommandReader['next'],
): boolean {
  const { protocol, nodes } = reader.context;
  const role = nodes.find(({ id }) => id === node)?.role;
  if (role === undefined || protocol.roles[role] === undefined) return false;
  const { durable = [], noDiskFaults } = protocol.roles[role];
  if (noDiskFaults !== undefined) {
    reader.fail({ code: 'no-disk', message: noDiskFaults, hint: 'use `pause` or `crash`' }, token);
    return true;
  }
  if (durable.length > 0) return false;
  const message = `\`${String(node)}\` keeps nothing on disk: a ${role} has no durable fields`;
  reader.fail({ code: 'no-disk', message, hint: 'use `pause`, which stops all of it' }, token);
  return true;
}

type DiskCommand = Extract<Command, { type: 'disk' | 'synced' }>;

/** The action of such a command on a node. */
export function diskAction(command: DiskCommand, node: NodeId, at: Micros): Action {
  return { ...command, node, at };
}
