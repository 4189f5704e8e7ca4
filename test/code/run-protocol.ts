/** Runs a small workspace protocol, of which a test writes the parts that matter, on the command line. */
import { lockstep } from '../../src/cli/lockstep.ts';

/** Source text for each place of the protocol; the rest is filled in. */
export interface Parts {
  /** At the top of the file, after its import of `lockstep`, which is line 1. */
  readonly top?: string;
  /** What `init` returns. */
  readonly init?: string;
  /** In the handler of Ping, which has `node`, `message` and `from`. */
  readonly ping?: string;
  /** Further properties of the role. */
  readonly more?: string;
  /** The properties of `invariants`. */
  readonly invariant?: string;
  /** Other files by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export const protocolOf = ({
  top = '',
  init = '({ count: 0 })',
  ping = '',
  more = '',
  invariant = '',
}: Parts) =>
  `import { defineProtocol, role } from 'lockstep';
${top}
export default defineProtocol({
  name: 'p', doc: 'd', source: 's', events: { Seen: 'Seen.' }, defaultRole: 'r',
  invariants: { ${invariant} },
  roles: { r: role<any>({
    doc: 'r', timers: { later() {} }, ${more}
    init: () => ${init},
    messages: {
      Ping(node: any, message: any, from: string) {
        ${ping}
      },
    },
    operations: { go: { doc: 'Go.', parameters: {}, run(node: any, _: any, op: string) {
      for (const to of node.peers) node.send(to, { type: 'Ping', n: 1 });
      node.reply(op, 'ok');
    } } },
  }) },
});
`;

const scenario = (steps: string) =>
  `protocol: ./p.ts\nnodes: { a: r, b: r }\nnetwork: { latency: 1ms }\nsteps:\n${steps}  - wait 9ms\n`;

/** The output of `lockstep run` for a scenario in which `a` sends Ping to `b`, twice. */
export async function output(
  parts: Parts,
  command: 'run' | 'check' = 'run',
  steps = '  - a go\n  - a go\n',
): Promise<string> {
  const files: Readonly<Record<string, string>> = {
    's.scenario.yaml': scenario(steps),
    'p.ts': protocolOf(parts),
    ...parts.files,
  };
  let text = '';
  const write = async (words: string) => void (text += words);
  const read = (file: string) => {
    const found = files[file.replace(/^\.\//, '')];
    if (found === undefined) throw Object.assign(new Error(file), { code: 'ENOENT' });
    return found;
  };
  await lockstep([command, 's.scenario.yaml'], { read, version: () => '', out: write, error: write });
  return text;
}

/** A statement for `ping` that reports a value; `reported` returns what was reported. */
export const report = (value: string) => `node.event('Seen', { x: ${value} });`;

export async function reported(parts: Parts): Promise<string[]> {
  const text = await output(parts);
  const found = [...text.matchAll(/b Seen (.*?)(?: {2}\||$)/gm)].map(([, fields]) => fields);
  if (found.length === 0) throw new Error(text);
  return found;
}
