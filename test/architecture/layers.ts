/** The law of the layers, as a table: a folder imports only folders that are listed above it. */

export interface Layer {
  /** The folder, as the beginning of a path. */
  readonly folder: string;
  /** The folders that it may import, besides itself. */
  readonly imports: readonly string[];
  /** Pure: no `vscode`, no Node, no DOM, no clock, no randomness, no promise. */
  readonly pure: boolean;
  /** The packages that it may import, by name; `node:` stands for Node's own modules. */
  readonly packages: readonly string[];
}

const layer = (folder: string, imports: string[], packages: string[], pure: boolean): Layer => ({
  folder: folder === 'webview' ? folder : `src/${folder}`,
  imports: imports.map((name) => `src/${name}`),
  packages,
  pure,
});

const language = ['protocol', 'protocols', 'kernel', 'scenario'];

export const layers: readonly Layer[] = [
  layer('protocol', [], [], true),
  layer('protocols', ['protocol'], [], true),
  layer('kernel', ['protocol'], [], true),
  layer(
    'scenario',
    ['protocol', 'protocols', 'kernel'],
    ['yaml', 'valibot', '@marcbachmann/cel-js', 're2js'],
    true,
  ),
  layer('code', language, ['sucrase', 'acorn', '@eslint-community/regexpp'], true),
  layer('check', [...language, 'code'], [], true),
  layer('explore', [...language, 'code', 'check'], ['yaml'], true),
  layer('session', [...language, 'code', 'check'], [], true),
  layer('view', [...language, 'code', 'check', 'session'], [], true),
  layer(
    'dap',
    [...language, 'code', 'check', 'explore', 'session', 'view'],
    ['@vscode/debugadapter', '@vscode/debugprotocol', 'node:'],
    false,
  ),
  layer(
    'cli',
    [...language, 'code', 'check', 'explore', 'session', 'view', 'dap'],
    // Only types of `bullmq` and `ioredis`: the packages are loaded when a queue is named.
    ['node:', 'bullmq', 'ioredis'],
    false,
  ),
  layer(
    'extension',
    [...language, 'code', 'check', 'explore', 'session', 'view', 'dap', 'cli'],
    ['vscode', 'jsonc-parser', 'node:'],
    false,
  ),
  layer('webview', ['view'], ['lit', '@vscode-elements/elements', 'mermaid'], false),
];

/**
 * The families of `src/protocols`, and the other families that each may import. Code that families
 * share without depending on each other is in `shared`.
 */
export const families: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  raft: ['shared'],
  paxos: [],
  // Its clients and its state machine are Raft's; its elections are not.
  'naive-cluster': ['raft', 'shared'],
  // One Paxos for each slot, under the clients and the state machine of Raft.
  'multi-paxos': ['paxos', 'raft', 'shared'],
  // What every lock consists of: its workers, and storage that compares fencing tokens.
  locks: ['shared'],
  redis: ['locks', 'shared'],
  // An etcd server is a Raft server with another state machine.
  etcd: ['raft', 'locks', 'shared'],
  // Each range of a CockroachDB node is a Raft server of its own.
  cockroach: ['raft', 'shared'],
  zookeeper: ['locks'],
  consul: ['raft', 'locks', 'shared'],
  'configuration-store': ['raft', 'shared'],
  // One cure for the lost update is a lock on a Redis server.
  database: ['redis', 'shared'],
  // Its caches stand in front of the database server, as it is.
  cache: ['database', 'shared'],
  // Its leaders write to storage that compares tokens.
  kubernetes: ['locks', 'shared'],
  scheduler: ['shared'],
  kafka: [],
  // Another controller; the partition, its replicas and the clients are the same.
  kraft: ['kafka'],
  swim: [],
  patroni: ['shared'],
  spanner: ['shared'],
  'logical-clocks': ['shared'],
  // One register a key, under a replication that the scenario selects.
  'register-store': ['shared'],
  'request-reply': [],
  'write-ahead-log': [],
  'two-generals': [],
  'ben-or': [],
  'lamport-mutex': ['shared'],
  'chandy-lamport': ['shared'],
};

/** A rule narrower than the layers: what a folder may import of another. */
export interface NarrowRule {
  readonly from: string;
  readonly of: string;
  /** Folders and files below `of`; nothing else of it. */
  readonly only: readonly string[];
  readonly why: string;
}

/** What reads a moment of a cluster depends on the seam, so that a world need not supply it. */
const seamOnly = {
  of: 'src/kernel',
  only: ['seam/', 'text/', 'data/', 'action.ts'],
  why: 'a moment may come from a recorded trace or a live system',
};

export const narrowRules: readonly NarrowRule[] = [
  { from: 'src/session/read', ...seamOnly },
  { from: 'src/view', ...seamOnly },
];

/** Names that a pure folder may not use, and what to use instead. */
export const bannedInPure: readonly { readonly name: RegExp; readonly instead: string }[] = [
  { name: /\bDate\b/, instead: "the world's time" },
  { name: /\bMath\.random\b/, instead: 'draw() of kernel/keyed-draw.ts' },
  { name: /\bperformance\b/, instead: 'nothing: the bench measures' },
  {
    name: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
    instead: 'an action of the world',
  },
  { name: /\b(async|await|Promise)\b/, instead: 'a plain value; the adapter slices long work' },
  // Operations have a field `process`: only uses of the global object are banned.
  {
    name: /(?<![.\w])process\s*[.[]|\b(Buffer|console|require)\b/,
    instead: 'a value that the caller hands in',
  },
  { name: /\b(structuredClone)\b/, instead: 'copy() of kernel/data/plain.ts' },
];

/** Names that say nothing, anywhere. */
export const bannedNames: readonly { readonly name: RegExp; readonly instead: string }[] = [
  { name: /\b(class|interface|type) I[A-Z][a-z]\w*/, instead: 'the name without the I' },
  {
    name: /\b(class|interface|type) \w*(Manager|Helper|Impl|Utils?)\b/,
    instead: 'a name that says what it does',
  },
];

export const bannedFiles = /(^|\/)(utils?|helpers?|common|misc|index)\.ts$/;

/** Wording that `WORDS` of the project rules out in comments and strings, and what to write. */
export const bannedWords: readonly { readonly name: RegExp; readonly instead: string }[] = [
  { name: /so-manieth/i, instead: 'nth, with the number named' },
  {
    name: /(?<!\b[Tt]here )\b(is|are) no (?!longer\b|more\b)/,
    instead: '"is not a …", or "there is no …"',
  },
  { name: /\b(is|are) to be\b/, instead: '"must be", or "will be"' },
  { name: /\bbelongs? into\b/i, instead: '"is allowed in", or "must be in"' },
  { name: /\bwhoever\b/i, instead: 'the name of the thing: the client, the caller' },
  { name: /\btold of\b/i, instead: '"notified of", or "reports"' },
  { name: /\bis asked (for|when)\b/i, instead: '"is called when", or "is requested"' },
];

export const limits = { lineLength: 100, functionLines: 70, fileLines: 400, folderFiles: 20 };
