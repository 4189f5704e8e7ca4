/** Sessions for tests: a scenario as a string, on a built-in protocol or on another. */
import type { Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { problemText } from '../../src/scenario/problem.ts';
import type { Breakpoint, Origin, Trigger } from '../../src/session/breakpoints/breakpoint.ts';
import { type Code, loadBuiltIn } from '../../src/code/code.ts';
import { Hits } from '../../src/session/breakpoints/hits.ts';
import { scriptOf } from '../../src/session/script.ts';
import { Session } from '../../src/session/session.ts';
import { simulated } from '../../src/session/simulation.ts';
import type { OutputLine } from '../../src/session/breakpoints/output.ts';
import type { Capabilities } from '../../src/kernel/seam/movement.ts';
import { codeOfProtocol } from '../../src/code/built-in-sources.ts';

export const election = (seed = 1) => `
title: An election and a write
protocol: raft
nodes:
  n1..n3: replica
  app: client
network: { latency: 1ms..20ms }
seed: ${seed}
steps:
  - wait until LeaderElected
  - app put x 1
  - crash the leader
  - wait 300ms
`;

const codes = new Map<Protocol, Code>();

/** Loaded once: it never changes. */
export function codeOf(protocol: Protocol): Code {
  const known = codes.get(protocol) ?? codeOfProtocol(protocol);
  codes.set(protocol, known);
  return known;
}

export function sessionOf(
  text: string,
  output: string[] = [],
  capabilities: Capabilities = simulated,
): Session {
  const { scenario, problems } = parseScenario(text, 'test.scenario.yaml', library);
  if (!scenario) throw new Error(problems.map((one) => problemText('test', one)).join('\n'));
  const code = codeOf(scenario.protocol);
  const write = (line: OutputLine) => output.push(line.type === 'log' ? line.text : line.type);
  return new Session(scriptOf(scenario, code), code, write, capabilities);
}

/** A session on a protocol that is given as source text. */
export function sessionOn(source: string, name: string, scenarioText: string): Session {
  const code = loadBuiltIn(new Map([[`${name}.ts`, source]]), `${name}.ts`, name);
  const { scenario, problems } = parseScenario(scenarioText, 'test.scenario.yaml', [code.protocol]);
  if (!scenario) throw new Error(problems.map((one) => problemText('test', one)).join('\n'));
  return new Session(scriptOf(scenario, code), code);
}

let lastId = 0;

export function breakpoint(trigger: Trigger, parts: Partial<Breakpoint> = {}): Breakpoint {
  const origin: Origin = 'exception';
  return { id: ++lastId, origin, trigger, hits: new Hits(), ...parts };
}
