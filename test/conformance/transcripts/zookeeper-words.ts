// Requests and results of ZooKeeper as its transcripts write them.
import {
  type Command, isFailure, type Kind, kinds, type Response, type ServerAnswers, type Stat,
  type Write, type Written,
} from '../../../src/protocols/zookeeper/wire.ts';
import type { Frozen, MessageOf } from '../../../src/protocol/types.ts';
import { type Data, NotModelled, type Step } from './adapter.ts';

type Args = NonNullable<Step['args']>;

/** `zxid` is the last one that the client has seen. */
export function commandOf(action: string, args: Args, zxid: number): Command {
  const path = String(args.path ?? '/');
  switch (action) {
    case 'create':
    case 'delete':
    case 'set':
      return writeOf(action, args) as Command;
    case 'old-write':
      return writeOf('set', args) as Command;
    case 'get':
    case 'exists':
    case 'children':
      return { op: action, path, watch: args.watch === true || args.watch === 'true' };
    case 'sync':
      return { op: 'sync', path };
    case 'multi': {
      const parts = args.ops as readonly Args[];
      return { op: 'multi', writes: parts.map((part) => writeOf(String(part.op), part)) };
    }
    case 'set-watches': {
      const paths = (name: string) => (args[name] ?? []) as readonly string[];
      const exist = [...paths('exist'), ...paths('exists')];
      return { op: 'set-watches', zxid, data: paths('data'), exist, child: paths('child') };
    }
    case 'close-session':
      return { op: 'close' };
    default:
      throw new NotModelled(`Lockstep does not replay the step ${action} of ZooKeeper`);
  }
}

function writeOf(op: string, args: Args): Write {
  const path = String(args.path);
  const version = Number(args.version ?? -1);
  const data = String(args.data ?? '');
  switch (op) {
    case 'create':
      return { op, path, data, kind: kindOf(String(args.kind ?? 'persistent')) };
    case 'set':
      return { op, path, data, version };
    case 'delete':
    case 'check':
      return { op, path, version };
    default:
      throw new NotModelled(`Lockstep's ZooKeeper does not model ${op} in a multi`);
  }
}

function kindOf(kind: string): Kind {
  const known = kinds.find((one) => one === kind);
  if (known !== undefined) return known;
  throw new NotModelled(`Lockstep's ZooKeeper does not model znodes of the kind ${kind}`);
}

export function resultOf(command: Command, response: Frozen<Response>): Data {
  if (typeof response === 'string') return { ok: true };
  if ('error' in response) return { error: response.error };
  if ('results' in response) return { results: response.results.map(partOf) };
  if ('names' in response) return { children: [...response.names] };
  if (command.op === 'create') return { path: 'path' in response ? response.path : '' };
  return 'data' in response
    ? { data: response.data, ...statOf(response.stat) }
    : statOf((response as { stat: Stat }).stat);
}

function partOf(part: Frozen<Written>): Data {
  if (part === 'undone') return 'ok (undone)';
  if (part === 'OK') return 'ok';
  if (isFailure(part)) return part.error;
  return 'path' in part ? { path: part.path } : statOf(part.stat);
}

function statOf({ version, cversion, children, owner }: Stat): { [name: string]: Data } {
  return { version, cversion, children, ...(owner !== '' && { ephemeral: true }) };
}

const eventNames: Readonly<Record<string, string>> = {
  NodeCreated: 'created',
  NodeDeleted: 'deleted',
  NodeDataChanged: 'data changed',
  NodeChildrenChanged: 'children changed',
};

/** The event that a message is, as `[what, path]`; none if it is not an event. */
export function eventOf(message: MessageOf<ServerAnswers>): Data[] {
  return 'path' in message ? [[eventNames[message.type], message.path]] : [];
}
