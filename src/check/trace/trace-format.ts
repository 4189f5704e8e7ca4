/**
 * The format of a trace: a run as one text file that is complete by itself. It looks like this:
 *
 * ```
 * lockstep trace 1                       the version of this format
 * version 0.5.0                          of Lockstep, when it was recorded
 * seed 7
 * until LeaderElected                    only if it was recorded with --until
 * protocol built-in raft 0123456789abcdef   its name, and a hash of its source
 * scenario election.scenario.yaml        the scenario, each line indented by two spaces
 *   protocol: raft
 *   nodes: { n1..n3: replica }
 * start                                  what the boot of the nodes caused, indented by two spaces
 *   timer n1 election at 0.181234s
 * 0.181234s fire n1 election             one line an action, then what it caused
 *   event n1 TermChanged {"from":0,"to":1}
 *   send n1->n2#1 at 0.184012s {"type":"RequestVote","term":1}
 * digest 1000 0123456789abcdef           every 1000 steps, of the whole state of the cluster
 * end 1234 0123456789abcdef              the last line: how many steps, and the digest
 * ```
 *
 * A protocol of the workspace is in the trace: `protocol file lock.ts`, and after the scenario a
 * section `file lock.ts` for that file and for each that it imports. There is no date, no path and
 * no line ending of the platform in it, so the same run gives the same bytes everywhere.
 */
import type { Effects } from '../../kernel/effects.ts';
import { effectLines } from '../../kernel/text/effects-text.ts';

/** Changes with every change of this format, or of what the kernel draws for a seed. */
export const traceVersion = 1;

/** How many steps there are from digest to digest. */
export const digestGap = 1_000;

export interface TraceHeader {
  /** The version of Lockstep that recorded it. */
  readonly version: string;
  readonly seed: number;
  readonly until?: string;
  readonly protocol:
    | { readonly type: 'built-in'; readonly name: string; readonly hash: string }
    /** `entry` is one of the files. */
    | { readonly type: 'file'; readonly entry: string };
  readonly scenario: Embedded;
  readonly files: readonly Embedded[];
}

/** A text file in a trace. */
export interface Embedded {
  readonly name: string;
  readonly text: string;
}

/** All lines before the run, with the line ending of the last. */
export function headerText(header: TraceHeader): string {
  const { version, seed, until, protocol, scenario, files } = header;
  const of = protocol.type === 'file' ? protocol.entry : `${protocol.name} ${protocol.hash}`;
  const lines = [
    `lockstep trace ${traceVersion}`,
    `version ${version}`,
    `seed ${seed}`,
    ...(until === undefined ? [] : [`until ${until}`]),
    `protocol ${protocol.type} ${of}`,
    ...embeddedLines('scenario', scenario),
    ...files.flatMap((file) => embeddedLines('file', file)),
  ];
  return `${lines.join('\n')}\n`;
}

/** An empty line stays empty, so that no editor that removes trailing spaces changes the text. */
function embeddedLines(section: 'scenario' | 'file', { name, text }: Embedded): string[] {
  const lines = text.split('\n').map((line) => (line === '' ? '' : `  ${line}`));
  return [`${section} ${name}`, ...lines];
}

/** YAML and TypeScript read all of these as the end of a line. */
export function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A line of the run, and what it caused. */
export function entryText(line: string, effects: Effects): string {
  return [line, ...effectLines(effects).map((effect) => `  ${effect}`), ''].join('\n');
}
