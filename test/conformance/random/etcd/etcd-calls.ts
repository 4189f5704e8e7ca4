// The calls of a sequence as requests to etcd's gateway, and their replies as recorded results.
import type { Data } from '../../transcripts/adapter.ts';
import { decoded, encoded, type Reply } from './etcd-http.ts';

export type Args = { readonly [name: string]: Data };

export interface EtcdCall {
  readonly path: string;
  body(args: Args): object;
  result(reply: Reply): { [name: string]: Data };
}

const number = (text: unknown): number => Number(text ?? 0);
const revisionOf = (reply: Reply) => {
  return { revision: number((reply.header as Reply | undefined)?.revision) };
};
const listOf = (items: unknown): readonly Reply[] => (items as readonly Reply[] | undefined) ?? [];

export function keyData(kv: Reply): { [name: string]: Data } {
  return {
    key: decoded(kv.key),
    value: decoded(kv.value),
    created: number(kv.create_revision),
    modified: number(kv.mod_revision),
    version: number(kv.version),
    ...(kv.lease === undefined ? {} : { lease: number(kv.lease) }),
  };
}

/** The first key after all that begin with this one. */
function endOf(prefix: string): string {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1]++;
  return bytes.toString('base64');
}

export function rangeOf({ key, prefix }: Args): object {
  const range = { key: encoded(key) };
  return prefix === true ? { ...range, range_end: endOf(String(key)) } : range;
}

/** The field of a key that a `cas` compares, and its name in the gateway's JSON. */
const compared = {
  created: ['CREATE', 'create_revision'],
  modified: ['MOD', 'mod_revision'],
  version: ['VERSION', 'version'],
  value: ['VALUE', 'value'],
} as const;

function casBody({ key, then, guard = key, ...rest }: Args): object {
  const name = Object.keys(rest)[0] as keyof typeof compared;
  const [target, field] = compared[name];
  const equals = name === 'value' ? encoded(rest.value) : rest[name];
  return {
    compare: [{ result: 'EQUAL', target, key: encoded(guard), [field]: equals }],
    success: [{ requestPut: { key: encoded(key), value: encoded(then) } }],
    failure: [{ requestRange: { key: encoded(key) } }],
  };
}

function casResult(reply: Reply): { [name: string]: Data } {
  if (reply.succeeded === true) return { ...revisionOf(reply), succeeded: true };
  const range = listOf(reply.responses)[0].response_range as Reply;
  return { ...revisionOf(reply), succeeded: false, found: listOf(range.kvs).map(keyData) };
}

const leaderOf = ({ name, key, rev, lease }: Args) => {
  return { leader: { name: encoded(name), key: encoded(key), rev, lease } };
};

export const etcdCalls: Readonly<Record<string, EtcdCall>> = {
  put: {
    path: '/v3/kv/put',
    body: ({ key, value, lease }) => ({
      key: encoded(key), value: encoded(value), ...(lease === undefined ? {} : { lease }),
    }),
    result: revisionOf,
  },
  get: {
    path: '/v3/kv/range',
    body: ({ revision = 0, serializable = false, ...range }) => ({
      ...rangeOf(range), revision, serializable,
    }),
    result: (reply) => ({ ...revisionOf(reply), kvs: listOf(reply.kvs).map(keyData) }),
  },
  delete: {
    path: '/v3/kv/deleterange',
    body: rangeOf,
    result: (reply) => ({ ...revisionOf(reply), deleted: number(reply.deleted) }),
  },
  cas: { path: '/v3/kv/txn', body: casBody, result: casResult },
  compact: {
    path: '/v3/kv/compaction', body: ({ revision }) => ({ revision }), result: revisionOf,
  },
  grant: {
    path: '/v3/lease/grant',
    body: ({ ttl, id }) => ({ TTL: ttl, ID: id }),
    result: (reply) => ({ ...revisionOf(reply), ttl: number(reply.TTL) }),
  },
  revoke: { path: '/v3/lease/revoke', body: ({ id }) => ({ ID: id }), result: revisionOf },
  keepalive: {
    path: '/v3/lease/keepalive',
    body: ({ id }) => ({ ID: id }),
    result: ({ result }) => ({ ttl: number((result as Reply).TTL) }),
  },
  ttl: {
    path: '/v3/lease/timetolive',
    body: ({ id }) => ({ ID: id, keys: true }),
    result: ({ TTL, grantedTTL, keys }) => ({
      granted: number(grantedTTL),
      ttl: number(TTL) < 0 ? 'expired or absent' : 'left',
      keys: ((keys as readonly string[] | undefined) ?? []).map(decoded).sort(),
    }),
  },
  lock: {
    path: '/v3/lock/lock',
    body: ({ name, lease }) => ({ name: encoded(name), lease }),
    result: (reply) => ({ ...revisionOf(reply), key: decoded(reply.key) }),
  },
  unlock: {
    path: '/v3/lock/unlock', body: ({ key }) => ({ key: encoded(key) }), result: revisionOf,
  },
  campaign: {
    path: '/v3/election/campaign',
    body: ({ name, lease, value }) => ({ name: encoded(name), lease, value: encoded(value) }),
    result(reply) {
      const { key, rev } = reply.leader as Reply;
      return { ...revisionOf(reply), leader: { key: decoded(key), rev: number(rev) } };
    },
  },
  proclaim: {
    path: '/v3/election/proclaim',
    body: ({ value, ...leader }) => ({ ...leaderOf(leader), value: encoded(value) }),
    result: revisionOf,
  },
  resign: { path: '/v3/election/resign', body: leaderOf, result: revisionOf },
  elected: {
    path: '/v3/election/leader',
    body: ({ name }) => ({ name: encoded(name) }),
    result: (reply) => ({ ...revisionOf(reply), kv: [keyData(reply.kv as Reply)] }),
  },
};

/** A reply as it is recorded: what the call gave, the gateway's error, or the end of the connection. */
export function resultOf(call: EtcdCall, reply: Reply): Data {
  if (reply.connection === 'ended') return { connection: 'ended' };
  const error = reply.error as string | Reply | undefined;
  if (error === undefined) return call.result(reply);
  // A stream wraps its error once more.
  if (typeof error !== 'string') {
    return { error: String(error.message), code: number(error.grpc_code) };
  }
  return { error, code: number(reply.code) };
}

/** What a line of a watch gave: its changes, or the revision before which they are compacted. */
export function watchEvents({ result }: Reply): Data[] {
  const { canceled, compact_revision: compacted, events } = (result ?? {}) as Reply;
  if (canceled === true) return [{ canceled: '', compact_revision: number(compacted) }];
  return listOf(events).map((event): Data => {
    const kv = event.kv as Reply;
    if (event.type !== 'DELETE') return { type: 'PUT', ...keyData(kv) };
    return { type: 'DELETE', key: decoded(kv.key), value: '', modified: number(kv.mod_revision) };
  });
}
