/** Runs the command line on files that exist only in a test, and keeps what it prints and writes. */
import { deflateRawSync } from 'node:zlib';
import { lockstep } from '../../src/cli/lockstep.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Printed {
  code: number;
  out: string;
  error: string;
}

/** Files by name; written files are added. */
export class Shell {
  constructor(
    readonly files: Record<string, string> = {},
    readonly terminal: Partial<Terminal> = {},
  ) {}

  async run(...args: string[]): Promise<Printed> {
    const printed = { out: '', error: '' };
    const code = await lockstep(args, {
      read: (file) => this.read(file.replaceAll('\\', '/').replace(/^\.\//, '')),
      create: (file) => {
        if (file.includes('closed/')) throw Object.assign(new Error(file), { code: 'EACCES' });
        this.files[file] = '';
        return {
          write: async (text) => void (this.files[file] += text),
          close: async () => undefined,
        };
      },
      write: (file, text) => void (this.files[file] = text),
      writeNew: (file, text) => {
        if (file in this.files) throw Object.assign(new Error(file), { code: 'EEXIST' });
        this.files[file] = text;
      },
      shipped: (file) => `protocol: ${file.replace(/^.*\/|\..*$/g, '')}\n# ships as ${file}\n`,
      scenarios: (_, folder = '') => {
        const inside = Object.keys(this.files).filter((file) => file.startsWith(folder));
        const isFolder = folder === '' || (folder.endsWith('/') && inside.length > 0);
        return isFolder ? inside.filter((file) => file.endsWith('.scenario.yaml')) : undefined;
      },
      deflated: (text) => deflateRawSync(text, { level: 9 }).toString('base64'),
      version: () => '1.2.3',
      out: async (text) => void (printed.out += text),
      error: async (text) => void (printed.error += text),
      ...this.terminal,
    });
    return { code, ...printed };
  }

  private read(file: string): string {
    const found = this.files[file];
    if (found === undefined) throw Object.assign(new Error(file), { code: 'ENOENT' });
    return found;
  }
}

interface ProtocolParts {
  /** Above the protocol. */
  readonly top?: string;
  /** What `init` returns. */
  readonly init?: string;
  /** In the handler of Ping. */
  readonly ping?: string;
  /** Further parts of the role. */
  readonly role?: string;
  readonly invariants?: string;
}

/** A protocol of a workspace: `a ask` sends Ping to the other node, which counts it. */
export function protocolFile(parts: ProtocolParts = {}): string {
  const { top = '', init = '{ count: 0 }', ping = '', role = '', invariants = '' } = parts;
  return `import { defineProtocol, role } from 'lockstep';
${top}
export default defineProtocol({
  name: 'pinging',
  doc: 'Sends pings.',
  source: 'a test',
  events: { Pinged: 'A ping arrived.' },
  roles: {
    peer: role<any>({
      doc: 'Counts pings.',
      init: () => (${init}),
      timers: { later: () => undefined },
      messages: {
        Ping(node: any) {
          node.state.count++;
          node.event('Pinged', { count: node.state.count });
          ${ping}
        },
      },
      operations: {
        ask: {
          doc: 'Pings the other node.',
          parameters: {},
          run(node: any, _: any, operation: string) {
            for (const peer of node.peers) node.send(peer, { type: 'Ping' });
            node.reply(operation, 'sent');
          },
        },
      },
      ${role}
    }),
  },
  invariants: {${invariants}},
});
`;
}

export const pinging = `protocol: ./pinging.ts
nodes: { a: peer, b: peer }
network: { latency: 1ms }
steps:
  - a ask
  - a ask
  - wait 10ms
`;

/** A shell with a scenario, ping.scenario.yaml, of a protocol with these parts. */
export function pingShell(parts: ProtocolParts = {}, scenario = pinging): Shell {
  return new Shell({ 'ping.scenario.yaml': scenario, 'pinging.ts': protocolFile(parts) });
}

/** What was printed, in a form for golden texts. */
export function transcript({ code, out, error }: Printed): string {
  return `exit ${code}\n--- out\n${out}--- error\n${error}`;
}
