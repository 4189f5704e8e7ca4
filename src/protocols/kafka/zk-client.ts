/** A broker's ZooKeeper client: its session, and requests that are executed in their order. */
// After a session has expired, the client opens another, and the requests that wait go on in that
// (KafkaZkClient.retryRequestsUntilConnected). So a controller that was replaced may still write.
import type { Node } from '../../protocol/types.ts';
import type { Broker, Received } from './messages.ts';
import type { Purpose, RequestBody, ZkClient, ZkRequest } from './state.ts';

type Server = Node<Broker>;

export function noSession(): ZkClient {
  return { session: null, attempt: 0, serial: 1, queue: [], watches: {} };
}

export function openSession(node: Server): void {
  const { zk } = node.state;
  zk.session = null;
  zk.attempt = node.random(1_000_000);
  zk.watches = {};
  sendFirst(node);
}

/** Returns whether the session is new. */
export function sessionOpened(node: Server, message: Received<'SessionOpened'>): boolean {
  const { zk } = node.state;
  if (zk.session !== null || message.attempt !== zk.attempt) return false;
  zk.session = message.session;
  zk.serial = 1;
  ping(node);
  sendFirst(node);
  return true;
}

export function submit(node: Server, purpose: Purpose, body: RequestBody): void {
  const { queue } = node.state.zk;
  queue.push({ purpose, body });
  if (queue.length === 1) sendFirst(node);
}

export function read(node: Server, purpose: Purpose, path: string, watch: boolean): void {
  submit(node, purpose, { type: 'Read', path, watch });
}

/** Sends the first request that waits; before there is a session, the request for one. */
export function sendFirst(node: Server): void {
  const { zk } = node.state;
  const [to] = node.nodes('zookeeper');
  if (zk.session === null) {
    const { sessionTimeout: timeout } = node.options;
    node.send(to, { type: 'OpenSession', attempt: zk.attempt, timeout });
  } else {
    if (zk.queue.length === 0) return node.cancelTimer('zkRetry');
    const { session, serial } = zk;
    node.send(to, { ...zk.queue[0].body, session, serial });
  }
  node.setTimer('zkRetry', node.options.requestTimeout);
}

/** Takes the request that a reply is for off the queue; undefined if the reply is a late one. */
export function answered(
  node: Server,
  { session, serial }: { readonly session: number; readonly serial: number },
): ZkRequest | undefined {
  const { zk } = node.state;
  if (session !== zk.session || serial !== zk.serial) return undefined;
  const request = zk.queue.shift();
  zk.serial++;
  sendFirst(node);
  return request;
}

/** Returns whether a watch of this session was set off, and has not been before. */
export function isNews(node: Server, { session, path, zxid }: Received<'WatchEvent'>): boolean {
  const { zk } = node.state;
  if (session !== zk.session || !(zk.watches[path] < zxid)) return false;
  delete zk.watches[path];
  return true;
}

export function ping(node: Server): void {
  const { session, watches } = node.state.zk;
  if (session === null) return;
  const [to] = node.nodes('zookeeper');
  const set = Object.entries(watches).map(([path, zxid]) => ({ path, zxid }));
  node.send(to, { type: 'Ping', session, watches: set });
  node.setTimer('ping', node.options.sessionTimeout / 3);
}
