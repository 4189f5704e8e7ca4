/** Commands on the server: TIME, CONFIG, DEBUG, ROLE, REPLICAOF. */
import type { Settings } from '../data.ts';
import { error, notAnInteger, notModelled, OK, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Command, type Commands, matchesGlob, notForScripts, reads,
} from './call.ts';
import { float, index } from './numbers.ts';
import { unmodelledSettings } from './known.ts';

function time({ clock }: Call): Reply {
  return [String(Math.floor(clock / 1_000_000)), String(clock % 1_000_000)];
}

// CONFIG

interface Setting {
  read(settings: Settings): string;
  /** Returns why the value is refused, if it is. */
  write(settings: Settings, value: string): string | undefined;
}

type NumberSetting =
  | 'busyReplyThreshold' | 'minReplicasToWrite' | 'minReplicasMaxLag' | 'tcpKeepalive' | 'timeout';

const number = (name: NumberSetting): Setting => ({
  read: (settings) => String(settings[name]),
  write(settings, value) {
    const given = index(value);
    if (given === undefined) return 'argument couldn\'t be parsed into an integer';
    if (given < 0 || given > 2_147_483_647) {
      return 'argument must be between 0 and 2147483647 inclusive';
    }
    settings[name] = given;
    return undefined;
  },
});

const eventFlags = 'g$lshzxetdnmKE';

const keyspaceEvents: Setting = {
  read({ notifyKeyspaceEvents }) {
    const isAll = [...'g$lshzxetd'].every((flag) => notifyKeyspaceEvents.includes(flag));
    const flags = [...eventFlags].filter((flag) => notifyKeyspaceEvents.includes(flag)).join('');
    return isAll ? flags.replace('g$lshzxetd', 'A') : flags;
  },
  write(settings, value) {
    if (!/^[KEg$lshzxetdnmA]*$/.test(value)) {
      return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
    }
    settings.notifyKeyspaceEvents = value.replace('A', 'g$lshzxetd');
    return undefined;
  },
};

const settings: Readonly<Record<string, Setting>> = {
  'notify-keyspace-events': keyspaceEvents,
  'busy-reply-threshold': number('busyReplyThreshold'),
  'lua-time-limit': number('busyReplyThreshold'),
  'min-replicas-to-write': number('minReplicasToWrite'),
  'min-slaves-to-write': number('minReplicasToWrite'),
  'min-replicas-max-lag': number('minReplicasMaxLag'),
  'min-slaves-max-lag': number('minReplicasMaxLag'),
  'tcp-keepalive': number('tcpKeepalive'),
  timeout: number('timeout'),
  'enable-debug-command': {
    read: ({ enableDebugCommand }) => (enableDebugCommand ? 'yes' : 'no'),
    write: () => "can't set immutable config",
  },
};

export const modelledSettings: readonly string[] = Object.keys(settings);

function configGet({ args, data }: Call): Reply {
  const patterns = args.slice(2).map((pattern) => pattern.toLowerCase());
  const unmodelled = patterns.find(
    (one) => !Object.hasOwn(settings, one) && (one.includes('*') || unmodelledSettings.has(one)),
  );
  if (unmodelled !== undefined) return notModelled(`CONFIG GET ${unmodelled}`);
  return Object.entries(settings)
    .filter(([name]) => patterns.some((pattern) => matchesGlob(pattern, name)))
    .flatMap(([name, { read }]) => [name, read(data.settings)]);
}

function configSet({ args, data, host }: Call): Reply {
  const words = args.slice(2);
  if (words.length % 2 === 1) return syntaxError;
  // All are checked before one is set.
  const next = { ...data.settings };
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i].toLowerCase();
    if (unmodelledSettings.has(name)) return notModelled(`the setting ${name}`);
    if (!Object.hasOwn(settings, name)) {
      return error(`Unknown option or number of arguments for CONFIG SET - '${words[i]}'`);
    }
    const problem = settings[name].write(next, words[i + 1]);
    if (problem !== undefined) {
      return error(`CONFIG SET failed (possibly related to argument '${words[i]}') - ${problem}`);
    }
  }
  data.settings = next;
  host.configured();
  return OK;
}

// DEBUG

const debugNotAllowed = error(
  'DEBUG command not allowed. If the enable-debug-command option is set to "local", ' +
    'you can run it from a local connection, otherwise you need to set this option ' +
    'in the configuration file, and then restart the server.',
);

function debug({ args, data, host }: Call): Reply {
  if (!data.settings.enableDebugCommand) return debugNotAllowed;
  const name = args[1].toLowerCase();
  if (name === 'set-active-expire' && args.length === 3) {
    data.settings = { ...data.settings, activeExpire: args[2] !== '0' };
    host.configured();
    return OK;
  }
  if (name === 'sleep' && args.length === 3) {
    const seconds = float(args[2]);
    if (seconds === undefined || seconds < 0) return OK;
    host.sleep(Math.round(seconds * 1_000_000));
    return OK;
  }
  return notModelled(`DEBUG ${args[1].toUpperCase()}`);
}

/** REPLICAOF host port, or NO ONE; a host is the name of a node. */
function replicaOf({ args, host }: Call): Reply {
  const [, name, port] = args;
  if (/^no$/i.test(name) && /^one$/i.test(port)) return host.follow(null);
  const number = index(port);
  if (number === undefined) return notAnInteger;
  if (number < 0 || number > 65_535) return error('Invalid master port');
  return host.follow({ host: name, port });
}

const plain = (arity: number, run: Command['run']): Command =>
  notForScripts({ arity, writes: false, run });

export const serverCommands: Commands = {
  time: reads(1, time),
  'config|get': plain(-3, configGet),
  'config|set': plain(-4, configSet),
  debug: plain(-2, debug),
  role: plain(1, ({ host }) => host.role()),
  replicaof: plain(3, replicaOf),
  slaveof: plain(3, replicaOf),
};

