/** A client: it reads through a cache, and writes to the database. */
// Scaling Memcache at Facebook, figure 1: a web server asks the cache first, reads the database
// after a miss, and fills the cache with what it has read. To write, it changes the database and
// then deletes the key, because a delete may be repeated without harm (§2).
import { operation, role } from '../../protocol/define.ts';
import { pick } from '../../protocol/patterns.ts';
import type { Micros, Node, NodeId, OperationId, Range } from '../../protocol/types.ts';
import { between, milliseconds } from '../../protocol/units.ts';
import type { Answers, Query } from '../database/state.ts';
import type { CacheAnswers, CacheRequests, ClientEvents, Key } from './messages.ts';
import { isKey, noOrigin, type Origin, select, update, valueOf } from './origin.ts';
import { setWords } from './summary.ts';

const orders = ['update-delete', 'delete-update', 'update only'] as const;

type Pending = { readonly operation: OperationId; readonly key: Key } & (
  /** Waits for the answer of a cache, or until it asks again. */
  | { readonly type: 'asking' }
  /** Waits for the database; it has a lease with this token, or may not fill at all. */
  | { readonly type: 'reading'; readonly token: number | null }
  | { readonly type: 'updating'; readonly value: number }
  /** Waits until the cache has deleted the key; then it answers, or begins with the update. */
  | { readonly type: 'deleting'; readonly value: number; readonly isFirst: boolean }
);

export interface Client {
  state: Origin & {
    /** The operations that are not answered, by the number of their last request. */
    pending: Record<string, Pending>;
  };
  receives: CacheAnswers & Answers;
  sends: CacheRequests & { Query: Query };
  timers: { silent: number; again: number };
  events: ClientEvents;
  options: {
    order: (typeof orders)[number];
    cacheTimeout: Micros;
    retryAfter: Range;
    edges: 'any' | 'one';
  };
}

type ClientNode = Node<Client>;

export const client = role<Client>({
  doc: 'A client that reads through the caches of its cluster, and writes to the database.',
  summary: { messages: { Query: ({ sql }) => sql, Set: setWords } },
  options: {
    order: {
      kind: 'choice',
      default: 'update-delete',
      choices: orders,
      doc: 'The order in which a put changes the database and deletes the key in the cache.',
    },
    cacheTimeout: {
      kind: 'duration',
      default: milliseconds(250),
      min: milliseconds(1),
      doc: 'How long it waits for a cache. Then a get is a miss, and a delete is sent again.',
    },
    retryAfter: {
      kind: 'range',
      default: between(milliseconds(5), milliseconds(15)),
      min: milliseconds(1),
      doc: 'How long it waits before it asks again while another client has the lease of the key.',
    },
    edges: {
      kind: 'choice',
      default: 'any',
      choices: ['any', 'one'],
      doc: 'The edge that a get goes to: any of them each time, or always the same one.',
    },
  },
  init: () => ({ pending: {}, ...noOrigin }),
  durable: ['serial'],
  noDiskFaults: 'it writes only a number, before it sends',

  connection: {
    /** It has no other connection than that to the database. */
    ended(node) {
      for (const [request, { type, operation: id }] of Object.entries(node.state.pending)) {
        if (type !== 'reading' && type !== 'updating') continue;
        delete node.state.pending[request];
        node.fail(id, 'the connection to the database ended');
      }
    },
  },

  messages: {
    Found(node, { value, request }) {
      const one = taken(node, request, 'asking');
      if (one === undefined) return;
      node.event('ReadFromCache', { key: one.key, value });
      node.reply(one.operation, value);
    },
    Missed(node, { request, token, wait }) {
      const one = taken(node, request, 'asking');
      if (one === undefined) return;
      if (!wait) return read(node, one, token);
      const next = ++node.state.serial;
      node.state.pending[next] = one;
      node.setTimer('again', node.options.retryAfter, next, String(next));
    },
    Failed(node, { request }) {
      const one = taken(node, request, 'asking');
      if (one !== undefined) node.fail(one.operation, 'the cache cannot reach the database');
    },
    Deleted(node, { request }) {
      const one = taken(node, request, 'deleting');
      if (one === undefined) return;
      if (one.isFirst) updateFor(node, one);
      else node.reply(one.operation, 'OK');
    },
    Result(node, answer) {
      const one = taken(node, answer.serial, 'reading', 'updating');
      if (one?.type === 'reading') readEnded(node, one, valueOf(answer));
      if (one?.type === 'updating') updateEnded(node, one);
    },
    Refused(node, { serial, code, message }) {
      const one = taken(node, serial, 'reading', 'updating');
      if (one !== undefined) node.fail(one.operation, `${code}: ${message}`);
    },
    Notification() {},
  },

  timers: {
    silent(node, request) {
      const { state } = node;
      const one = state.pending[request];
      if (one === undefined || (one.type !== 'asking' && one.type !== 'deleting')) return;
      delete state.pending[request];
      node.event('CacheSilent', { key: one.key });
      if (one.type === 'deleting') return invalidate(node, one, one.isFirst);
      // §3.1: a get that is not answered is a miss, and its value does not go into the cache.
      if (edges(node).length > 0) return node.fail(one.operation, 'the cache does not answer');
      read(node, one, null);
    },
    again(node, request) {
      const one = taken(node, request, 'asking');
      if (one === undefined) return;
      node.event('AskedAgain', { key: one.key });
      ask(node, one);
    },
  },

  operations: {
    get: operation<Client>()({
      doc: 'Reads the value of a key: from the cache if it has it, otherwise from the database.',
      parameters: { key: 'string' },
      noEffect: true,
      fault: ({ key }) => keyFault(key),
      run: (node, { key }, id) => ask(node, { operation: id, key }),
    }),
    put: operation<Client>()({
      doc: 'Changes the value of a key in the database, and deletes it in the cache.',
      parameters: { key: 'string', value: 'integer' },
      fault: ({ key }) => keyFault(key),
      run(node, { key, value }, id) {
        const one = { operation: id, key, value };
        const isFirst = node.options.order === 'delete-update';
        if (isFirst && cacheOf(node, key) !== undefined) invalidate(node, one, true);
        else updateFor(node, one);
      },
    }),
  },

  look: ({ pending }, { id }) => ({
    standing: Object.values(pending)[0]?.type ?? '',
    holder: Object.values(pending).flatMap((one) => {
      if (one.type !== 'reading' || one.token === null || one.token === 0) return [];
      return [{ of: `lease of ${one.key}`, is: id, own: true, token: one.token }];
    }),
  }),
});

function keyFault(key: string): string | undefined {
  return isKey(key) ? undefined : `a key must be an item of the database, such as k1, not ${key}`;
}

type Of<Type extends Pending['type']> = Extract<Pending, { type: Type }>;
type Begun = Pick<Pending, 'operation' | 'key'>;

/** The operation that waits for this answer; undefined if it no longer does. */
function taken<Type extends Pending['type']>(
  node: ClientNode,
  request: number,
  ...types: readonly Type[]
): Of<Type> | undefined {
  const one = node.state.pending[request];
  if (one === undefined || !types.some((type) => type === one.type)) return undefined;
  delete node.state.pending[request];
  node.cancelTimer('silent', String(request));
  return one as Of<Type>;
}

/** Keys are spread over the caches; an edge has any key. */
function ask(node: ClientNode, { operation: id, key }: Begun): void {
  const all = edges(node);
  const to = all.length > 0 ? edgeOf(node, all) : cacheOf(node, key);
  if (to === undefined) return read(node, { operation: id, key }, null);
  const request = ++node.state.serial;
  node.state.pending[request] = { type: 'asking', operation: id, key };
  node.send(to, { type: 'Get', key, request });
  node.setTimer('silent', node.options.cacheTimeout, request, String(request));
}

function read(node: ClientNode, { operation: id, key }: Begun, token: number | null): void {
  const request = ++node.state.serial;
  node.state.pending[request] = { type: 'reading', operation: id, key, token };
  select(node, key, request);
}

function readEnded(node: ClientNode, one: Of<'reading'>, value: number | undefined): void {
  const { operation: id, key, token } = one;
  if (value === undefined) return node.fail(id, `there is no item for ${key}`);
  node.event('ReadFromDatabase', { key, value });
  const to = cacheOf(node, key);
  if (to !== undefined && token !== null) node.send(to, { type: 'Set', key, value, token });
  node.reply(id, value);
}

function updateFor(node: ClientNode, { operation: id, key, value }: Begun & { value: number }) {
  const request = ++node.state.serial;
  node.state.pending[request] = { type: 'updating', operation: id, key, value };
  update(node, key, value, request);
}

function updateEnded(node: ClientNode, one: Of<'updating'>): void {
  const { operation: id, key, value } = one;
  node.event('Updated', { key, value });
  const deletes = node.options.order === 'update-delete' && cacheOf(node, key) !== undefined;
  if (deletes) invalidate(node, one, false);
  else node.reply(id, 'OK');
}

function invalidate(
  node: ClientNode,
  { operation: id, key, value }: Begun & { value: number },
  isFirst: boolean,
): void {
  const request = ++node.state.serial;
  node.state.pending[request] = { type: 'deleting', operation: id, key, value, isFirst };
  node.send(cacheOf(node, key)!, { type: 'Delete', key, request });
  node.setTimer('silent', node.options.cacheTimeout, request, String(request));
}

function cacheOf(node: ClientNode, key: Key): NodeId | undefined {
  const all = node.nodes('cache');
  return all.length === 0 ? undefined : all[Number(key.slice(1)) % all.length];
}

function edgeOf(node: ClientNode, all: readonly NodeId[]): NodeId {
  if (node.options.edges === 'any') return pick(node, all);
  return all[node.nodes('client').indexOf(node.id) % all.length];
}

function edges(node: ClientNode): readonly NodeId[] {
  return node.nodes('edge');
}
