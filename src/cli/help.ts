/** What `lockstep help` says. */
import { commandForms } from '../scenario/commands/command.ts';

const usages: Readonly<Record<string, string>> = {
  run: `lockstep run FILE… [--seed N] [--until EVENT|CEL|MOMENT] [--json] [--mermaid] [--quiet]

Runs scenarios and says what became of their expectations and of the protocol's invariants.

  --seed N        replaces the scenario's seed: another seed is another schedule
  --until WHAT    ends the run at an event, when a condition holds, or at a moment such as 10s
  --json          one JSON object a line and action: step, time (µs), action, node, events
  --mermaid       the run as a Mermaid sequence diagram
  -q, --quiet     the verdicts alone

Exit code: 0 every expectation holds, 1 one is violated, 2 the input is wrong.
`,
  check: `lockstep check FILE…

Says what is wrong with scenario files, as file:line:column: message.
Exit code: 0 nothing, 2 something.
`,
  list: `lockstep list [PROTOCOL…] [--json]

Names the protocols with their roles, settings, operations, messages, events and invariants.
`,
  dap: `lockstep dap [--port N] [--scenario FILE [--workspace FOLDER]]

The debug adapter, over standard input and output, or for one client after another on a port.

  --port N            listens on this port; 0 takes a free one and prints it
  --scenario FILE     offers the events of its protocol as exception filters from the start
  --workspace FOLDER  where that protocol is a file: no import of it leads above this folder
`,
};

export function overview(): string {
  return `lockstep: step through distributed protocols, message by message

  lockstep run FILE…      run scenarios
  lockstep check FILE…    say what is wrong with scenario files
  lockstep list           name protocols with all that they offer
  lockstep dap            be a debug adapter
  lockstep help COMMAND   say more; \`lockstep help commands\` tells the language of scenario steps
  lockstep --version

A scenario whose file is named *.broken.scenario.yaml is meant to fail: it exits with 1.
`;
}

export function helpOf(name: string): string | undefined {
  if (name === 'commands') {
    return commandForms.map(([form, doc]) => `${form}\n    ${doc}\n`).join('');
  }
  return Object.hasOwn(usages, name) ? usages[name] : undefined;
}
