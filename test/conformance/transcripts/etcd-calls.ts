// How the steps of transcripts call etcd, and how the answers are recorded.
import type { Json } from '../../../src/protocol/types.ts';
import type { Found, WatchEvent } from '../../../src/protocols/etcd/api.ts';
import type { Data } from './adapter.ts';
import type { Given } from './etcd-cluster.ts';

export type Args = Readonly<Record<string, Data>>;

/** The fields of all answers; each answer has some of them. */
export interface Fields {
  readonly revision: number;
  readonly succeeded: boolean;
  readonly responses: readonly (readonly Found[])[];
  readonly ttl: number;
  readonly granted: number;
  readonly remaining: number;
  readonly keys: readonly string[];
  readonly key: string;
  readonly createRevision: number;
}

export interface Call {
  readonly operation: string;
  /** The names of the arguments that it takes. */
  readonly args: string;
  given(args: Args): Record<string, Json>;
  result(answer: Fields): Data;
}

const hex = (id: Data) => (id as number).toString(16);
const revisionOf = ({ revision }: { revision: number }) => ({ revision });

function keyData({ key, value, createRevision, modRevision, version, lease }: Found): Data {
  return {
    key, value: value as Data, created: createRevision, modified: modRevision, version,
    ...(lease === '' ? {} : { lease: parseInt(lease, 16) }),
  };
}

export function eventText(given: Given): Data {
  if ('compacted' in given) return { canceled: '', compact_revision: given.compacted };
  const { event } = given;
  if (event.type === 'put') return { type: 'PUT', ...(keyData(event) as Record<string, Data>) };
  const { key, modRevision }: WatchEvent = event;
  return { type: 'DELETE', key, value: '', modified: modRevision };
}

/** Which field of the key a `cas` compares. */
const compared = {
  created: 'createRevision', modified: 'modRevision', version: 'version', value: 'value',
} as const;

export const calls: Readonly<Record<string, Call>> = {
  put: {
    operation: 'put',
    args: 'key value lease',
    given: ({ key, value, lease }) =>
      ({ key: key as Json, value: value as Json, ...(lease ? { lease: hex(lease) } : {}) }),
    result: revisionOf,
  },
  get: {
    operation: 'get',
    args: 'key prefix revision serializable',
    given: (args) => args as Record<string, Json>,
    result: ({ revision, responses }) => ({ revision, kvs: responses[0].map(keyData) }),
  },
  delete: {
    operation: 'delete',
    args: 'key prefix',
    given: (args) => args as Record<string, Json>,
    result: ({ revision, responses }) => ({ revision, deleted: responses[0].length }),
  },
  cas: {
    operation: 'cas',
    args: 'key then guard created modified version value',
    given({ key, then, guard = key, ...rest }) {
      const name = Object.keys(rest)[0] as keyof typeof compared;
      const [value, equals] = [then as Json, rest[name] as Json];
      return { key: key as Json, value, target: compared[name], equals, guard: guard as Json };
    },
    result: ({ revision, succeeded, responses }) =>
      ({ revision, succeeded, ...(succeeded ? {} : { found: responses[0].map(keyData) }) }),
  },
  compact: {
    operation: 'compact',
    args: 'revision',
    given: ({ revision }) => ({ revision: revision as Json }),
    result: revisionOf,
  },
  grant: {
    operation: 'grant',
    args: 'ttl id',
    given: ({ ttl, id }) => ({ ttl: ttl as Json, ...(id ? { lease: hex(id) } : {}) }),
    result: ({ revision, ttl }) => ({ revision, ttl }),
  },
  revoke: {
    operation: 'revoke', args: 'id', given: ({ id }) => ({ lease: hex(id) }), result: revisionOf,
  },
  keepalive: {
    operation: 'keepAlive',
    args: 'id',
    given: ({ id }) => ({ lease: hex(id) }),
    result: ({ ttl }) => ({ ttl }),
  },
  ttl: {
    operation: 'timeToLive',
    args: 'id',
    given: ({ id }) => ({ lease: hex(id) }),
    result: ({ granted, remaining, keys }) =>
      ({ granted, ttl: remaining < 0 ? 'expired or absent' : 'left', keys }),
  },
  lock: {
    operation: 'lock',
    args: 'name lease',
    given: ({ name, lease }) => ({ name: name as Json, lease: hex(lease) }),
    result: ({ revision, key }) => ({ revision, key }),
  },
  unlock: {
    operation: 'unlock',
    args: 'key',
    given: ({ key }) => ({ key: key as Json }),
    result: revisionOf,
  },
  campaign: {
    operation: 'campaign',
    args: 'name lease value',
    given: ({ name, lease, value }) =>
      ({ name: name as Json, lease: hex(lease), value: value as Json }),
    result: ({ revision, key, createRevision }) =>
      ({ revision, leader: { key, rev: createRevision } }),
  },
  proclaim: {
    operation: 'proclaim',
    args: 'name key rev lease value',
    given: ({ key, rev, lease, value }) => ({
      key: key as Json, createRevision: rev as Json, lease: hex(lease), value: value as Json,
    }),
    result: revisionOf,
  },
  resign: {
    operation: 'resign',
    args: 'name key rev lease',
    given: ({ key, rev }) => ({ key: key as Json, createRevision: rev as Json }),
    result: revisionOf,
  },
  elected: {
    operation: 'leader',
    args: 'name',
    given: ({ name }) => ({ name: name as Json }),
    result: ({ revision, responses }) => ({ revision, kv: responses[0].map(keyData) }),
  },
  watch: {
    operation: 'watch',
    args: 'key prefix from_revision',
    given: ({ key, prefix = false, from_revision: fromRevision = 0 }) =>
      ({ key: key as Json, prefix: prefix as Json, fromRevision: fromRevision as Json }),
    result: () => null,
  },
};
