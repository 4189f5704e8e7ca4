/** Sessions for tests: a scenario as a string, on a built-in protocol or on another. */
import type { Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { problemText } from '../../src/scenario/problem.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Breakpoint, Origin, Trigger } from '../../src/session/breakpoints/breakpoint.ts';
import { type Code, loadBuiltIn, loadProtocol } from '../../src/code/code.ts';
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
  const scenario = scenarios.get(text) ?? parsed(text, library);
  scenarios.set(text, scenario);
  const code = codeOf(scenario.protocol);
  const write = (line: OutputLine) => output.push(line.type === 'log' ? line.text : line.type);
  return new Session(scriptOf(scenario, code), code, write, capabilities);
}

/** Parsed once: a scenario never changes. */
const scenarios = new Map<string, Scenario>();

function parsed(text: string, protocols: readonly Protocol[]): Scenario {
  const { scenario, problems } = parseScenario(text, 'test.scenario.yaml', protocols);
  if (!scenario) throw new Error(problems.map((one) => problemText('test', one)).join('\n'));
  return scenario;
}

/** A session on a protocol that is given as source text. */
export function sessionOn(source: string, name: string, scenarioText: string): Session {
  const code = loadBuiltIn(new Map([[`${name}.ts`, source]]), `${name}.ts`, name);
  return new Session(scriptOf(parsed(scenarioText, [code.protocol]), code), code);
}

/** The same on code as that of a workspace: checked, guarded and counted. */
export function sessionOnWorkspace(
  source: string,
  name: string,
  scenarioText: string,
  output: string[] = [],
): Session {
  const file = `${name}.ts`;
  const code = workspaceCodes.get(source) ?? loadProtocol(new Map([[file, source]]), file);
  workspaceCodes.set(source, code);
  const scenario = scenarios.get(scenarioText) ?? parsed(scenarioText, [code.protocol]);
  scenarios.set(scenarioText, scenario);
  const write = (line: OutputLine) => output.push(line.type === 'log' ? line.text : line.type);
  return new Session(scriptOf(scenario, code), code, write);
}

const workspaceCodes = new Map<string, Code>();

let lastId = 0;

export function breakpoint(trigger: Trigger, parts: Partial<Breakpoint> = {}): Breakpoint {
  const origin: Origin = 'exception';
  return { id: ++lastId, origin, trigger, hits: new Hits(), ...parts };
}
