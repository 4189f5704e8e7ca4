// ZooKeeper's requests and replies on the wire, and results as its transcripts write them.
import type { Data } from '../../transcripts/adapter.ts';
import type { JuteReader} from './jute.ts';
import { JuteWriter } from './jute.ts';

export type Args = { readonly [name: string]: Data };

/** The numbers of operations, from ZooDefs.OpCode. */
const codes = {
  create: 1, delete: 2, exists: 3, get: 4, set: 5, children: 8, sync: 9, ping: 11, check: 13,
  multi: 14, 'set-watches': 101, 'close-session': -11,
} as const;
type Operation = keyof typeof codes;

export const pingXid = -2;
const setWatchesXid = -8;
export const eventXid = -1;

const kinds = ['persistent', 'ephemeral', 'sequential', 'ephemeral sequential'];

/** The names of errors, from KeeperException.Code. */
const errorNames: Readonly<Record<number, string>> = {
  [-2]: 'RUNTIMEINCONSISTENCY', [-6]: 'UNIMPLEMENTED', [-8]: 'BADARGUMENTS', [-101]: 'NONODE',
  [-103]: 'BADVERSION', [-108]: 'NOCHILDRENFOREPHEMERALS', [-110]: 'NODEEXISTS', [-111]: 'NOTEMPTY',
  [-112]: 'SESSIONEXPIRED', [-118]: 'SESSIONMOVED',
};

const eventNames: Readonly<Record<number, string>> = {
  1: 'created', 2: 'deleted', 3: 'data changed', 4: 'children changed',
};

export function connectPacket(
  timeoutMs: number,
  session: { id: bigint; password: Buffer },
  lastZxid: bigint,
): Buffer {
  const request = new JuteWriter().int(0).long(lastZxid).int(timeoutMs);
  return request.long(session.id).buffer(session.password).bool(false).packet;
}

export function pingPacket(): Buffer {
  return new JuteWriter().int(pingXid).int(codes.ping).packet;
}

/** `pathOf` gives the path on the server for a path in a step. */
export function requestPacket(
  action: string,
  args: Args,
  xid: number,
  zxid: bigint,
  pathOf: (path: string) => string,
): Buffer {
  if (!Object.hasOwn(codes, action)) throw new Error(`unknown step of a client: ${action}`);
  const request = new JuteWriter().int(xid).int(codes[action as Operation]);
  const path = pathOf(String(args.path ?? '/'));
  switch (action as Operation) {
    case 'get':
    case 'exists':
    case 'children':
      return request.string(path).bool(args.watch === true).packet;
    case 'sync':
      return request.string(path).packet;
    case 'multi':
      for (const part of args.ops as readonly Args[]) {
        const operation = String(part.op);
        request.int(codes[operation as Operation]).bool(false).int(-1);
        writeChange(request, operation, part, pathOf);
      }
      return request.int(-1).bool(true).int(-1).packet;
    case 'set-watches': {
      const paths = (name: string) => ((args[name] ?? []) as readonly string[]).map(pathOf);
      request.long(zxid).strings(paths('data')).strings(paths('exist')).strings(paths('child'));
      return request.packet;
    }
    case 'close-session':
      return request.packet;
    default:
      writeChange(request, action, args, pathOf);
      return request.packet;
  }
}

/** The xid of a request: the server expects a fixed one for watches that are set again. */
export function xidOf(action: string, next: number): number {
  return action === 'set-watches' ? setWatchesXid : next;
}

function writeChange(
  request: JuteWriter,
  operation: string,
  args: Args,
  pathOf: (path: string) => string,
): void {
  const version = Number(args.version ?? -1);
  const data = Buffer.from(String(args.data ?? ''));
  request.string(pathOf(String(args.path)));
  switch (operation) {
    case 'create':
      // Everyone may do everything (the list ZooDefs.Ids.OPEN_ACL_UNSAFE).
      request.buffer(data).int(1).int(31).string('world').string('anyone');
      request.int(kinds.indexOf(String(args.kind ?? 'persistent')));
      return;
    case 'set':
      request.buffer(data).int(version);
      return;
    default:
      request.int(version);
  }
}

/** The result of a reply; `local` gives the path in a step for one on the server. */
export function resultOf(
  action: string,
  error: number,
  reply: JuteReader,
  local: (path: string) => string,
): Data {
  // A multi that failed has the results of its parts all the same.
  if (action === 'multi') return { results: partsOf(reply, local) };
  if (error !== 0) return { error: nameOf(error) };
  switch (action as Operation) {
    case 'create':
      return { path: local(reply.string()) };
    case 'get':
      return { data: reply.string(), ...statOf(reply) };
    case 'exists':
    case 'set':
      return statOf(reply);
    case 'children':
      return { children: reply.strings().sort() };
    default:
      return { ok: true };
  }
}

function partsOf(reply: JuteReader, local: (path: string) => string): Data[] {
  const parts: Data[] = [];
  for (;;) {
    const type = reply.int();
    const isLast = reply.bool();
    reply.int();
    if (isLast || reply.isAtEnd) return parts;
    if (type === -1) {
      const error = reply.int();
      parts.push(error === 0 ? 'ok (undone)' : nameOf(error));
    } else if (type === codes.create) parts.push({ path: local(reply.string()) });
    else if (type === codes.set) parts.push(statOf(reply));
    else parts.push('ok');
  }
}

function statOf(reply: JuteReader): { [name: string]: Data } {
  for (let skipped = 0; skipped < 4; skipped++) reply.long();
  const [version, cversion] = [reply.int(), reply.int()];
  reply.int();
  const owner = reply.long();
  reply.int();
  const children = reply.int();
  reply.long();
  return { version, cversion, children, ...(owner === 0n ? {} : { ephemeral: true }) };
}

function nameOf(error: number): string {
  return errorNames[error] ?? `error ${error}`;
}

/** An event as a transcript writes it: what happened to which znode. */
export function eventOf(reply: JuteReader, local: (path: string) => string): Data {
  const type = reply.int();
  reply.int();
  return [eventNames[type] ?? `event ${type}`, local(reply.string())];
}
