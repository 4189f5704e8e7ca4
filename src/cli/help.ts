/** What `lockstep help` prints. */
import { countingStates } from './explore/counting-help.ts';
import { installCommand } from './queue/library.ts';
import { historyFormats } from '../check/formats/read-history.ts';
import { defaultLimits } from '../check/models/limits.ts';
import { models } from '../check/models/models.ts';
import { modeNames, modes } from '../explore/modes.ts';
import { shippedSpecifications } from '../protocol/specifications/shipped.ts';
import { runsDefault } from './explore/request.ts';
import { columnNames } from './compare/columns.ts';
import { stepsMax } from '../view/export/recorded-run.ts';
import { commandForms, consoleForms } from '../scenario/commands/command.ts';

const rootOption =
  '  --root DIR           the folder with the protocol file, as for `lockstep run`';

function listed(all: readonly { readonly name: string; readonly doc: string }[], at: number) {
  const width = Math.max(...all.map(({ name }) => name.length));
  const indent = ' '.repeat(at);
  return all.map(({ name, doc }) => `${indent}${name.padEnd(width)}  ${doc}`).join('\n');
}

const searching = modeNames('run').join('|');
const walking = modeNames('walk').join('|');
const modeEntries = Object.entries(modes).map(([name, { about }]) => {
  return { name: `--mode ${name}`.padEnd(17), doc: about };
});

const usages: Readonly<Record<string, string>> = {
  run: `lockstep run FILE… [--seed N] [--until EVENT|CEL|TIME] [--json] [--mermaid] [--quiet]
                     [--clocks] [--history FILE] [--check-determinism] [--root DIR]
lockstep run FILE… --seeds A..B [--workers N|--queue URL] [--for TIME] [--json]
                     [--junit FILE] [--until EVENT|CEL|TIME] [--root DIR]

Runs scenarios, and prints the verdicts on their expectations and on the protocol's invariants.

  --seed N             replaces the scenario's seed: another seed is another schedule
  --until WHAT         ends the run at an event, when a condition holds, or at a time such as 10s
  --json               prints one JSON object for each step: step, time (µs), action, node, lamport
                       and vector (its logical clocks), events, sends; then the history of client
                       operations, if there are some, one for each verdict, and one for the end
  --history FILE       writes the history of client operations, one event a line: as Jepsen's EDN
                       (.edn, times in ns) or as JSON (.json, .jsonl, times in µs)
  --mermaid            prints the run as a Mermaid sequence diagram
  -q, --quiet          prints only the verdicts
  --clocks             adds the Lamport time and the vector clock to the line of each step
  --check-determinism  takes each action twice, and stops at the first one with different results
  --root DIR           the folder with the protocol file and all that it imports; without it, the
                       nearest one above the scenario with a tsconfig.json, package.json or .git
  --seeds A..B         runs each scenario with all these seeds, and counts what they violate
  --workers N          in so many threads; without it, as many as the machine runs at once
  --queue URL          workers on other machines do it, such as redis://127.0.0.1:6379: see
                       \`lockstep help worker\`
  --for TIME           begins no more runs after that time on the clock, such as 30s
  --junit FILE         also writes the result as JUnit's XML

A scenario that names a protocol file runs the code in that file.
A broken twin (*.broken.scenario.yaml, or one with \`breaks: NAME\`) must violate something. A
verdict says so if it holds only because its condition was never true.
Exit code: 0 every expectation holds, 1 one is violated or a result differs, 2 the input is wrong,
3 nothing is violated, but not every seed has a verdict.
`,
  before: `lockstep before FILE EVENT EVENT [--seed N] [--until EVENT|CEL|TIME] [--json]
                     [--root DIR]

Runs a scenario, and says whether the first of two events happened before the second, in Lamport's
sense: \`before\` or \`after\`, with the chain of messages that carried the knowledge, or
\`concurrent\`: neither could have known of the other. Both are printed with their clocks.

  EVENT                a step such as 12; n1:LeaderElected, the last such event of n1 in the run;
                       n1:LeaderElected#2, the second; n1:start, the boot of n1
  --seed N             replaces the scenario's seed
  --until WHAT         ends the run at an event, when a condition holds, or at a time such as 10s
  --json               prints one JSON object: order, events with their clocks, chain, lines
  --root DIR           the folder with the protocol file, as for \`lockstep run\`

A node's steps are its events: a handler is atomic, so what it reports and sends has the time of its
step. The debug console has the same command, about the run so far.
Exit code: 0 the answer is printed, 2 the input is wrong.
`,
  test: `lockstep test [FILE…] [--coverage] [--lcov FILE] [--json] [--root DIR]

Runs scenarios and prints one line for each; without files, all *.scenario.yaml below the working
directory, and for a folder all of those in it. A scenario passes if everything holds. A
*.broken.scenario.yaml passes if something is violated; if it says \`breaks: NAME\`, the invariant
or the line of \`expect\` of that name must be.

  --coverage  prints for each protocol which events occurred, which invariants were put to the test,
              and which of its lines ran
  --lcov FILE with --coverage, also writes the lines in the format of lcov
  --json      prints one JSON object for each scenario: file, passed, failures, problems, output;
              then one for the coverage
${rootOption}

Exit code: 0 all pass, 1 one fails, 2 the input is wrong.
`,
  compare: `lockstep compare FILE… [--seeds A..B] [--columns NAMES] [--markdown] [--json]
                         [--root DIR]

Runs scenarios, and prints a table with a row for each: the strongest consistency models that the
history of its clients satisfies, how long operations took in virtual time, and the figures that
the scenario names under \`measure\`. A folder stands for all *.scenario.yaml in it.

  --seeds A..B     runs each scenario with these seeds: figures are medians over the runs, and a
                   model holds if it holds in each
  --columns NAMES  prints only these columns, separated by commas: names of measures, or
                   ${columnNames.slice(0, 5).join(', ')},
                   ${columnNames.slice(5).join(', ')}
  --markdown       prints the table as Markdown, with links to the scenarios
  --json           prints one JSON object for each scenario, with times in µs
  --view           prints what the editor shows, as JSON: each scenario before it runs, then the
                   table as Markdown
${rootOption}

  scenario:
    measure:                                 figures of a run, for \`run\` and \`compare\`
      retries: count("Retried")              how often an event was reported
      late: count("Done at a where event.n > 1")  at a node, with a condition
      left: db.state.committed.items[0].qty  an expression over the end of the run
      terms: sum(nodes.map(n, n.state.term)) the sum of a list of numbers

Latencies are those of operations that succeeded. A model that is \`unknown\` was not decided, and
one that follows from another in the row is not shown. \`–\` means that there is nothing to show.
The row of a broken twin says what it violates.

Exit code: 0 each row is as its scenario demands, 1 one is not, 2 the input is wrong.
`,
  explore: `lockstep explore FILE [--mode MODE] [--untimed] [--faults FAULTS] [--on NODES]
                     [--reach CEL] [--leads-to CEL,TIME] [--max-depth N] [--for TIME]
                     [--queue URL] [--coverage] [--lcov FILE] [--save DIR] [--nearest]
                     [--junit FILE] [--json] [--root DIR]
  searches, --mode ${searching}: [--inside CEL] [--max-states N] [--max-messages N]
                              [--max-memory MB] [--skip-idle] [--no-reduction]
  walks, --mode ${walking}: [--seeds A..B] [--workers N]

Looks for a run of a scenario that violates an invariant or an expectation, or in which a handler
throws. A search visits all states within its bounds. A walk tries one run for each seed: it finds
many faults that are too deep for a search. Without --mode, both are tried, with all options; with
--inside or --max-messages, only a search, because a walk cannot leave out states.

Without --mode, --untimed, --faults, --on, --reach, --leads-to and --inside, it goes on beyond what
the scenario says. The invariants and handlers are also walked with messages that take up to
20 times as long, and with a crash if the protocol says what is durable: a violation there is one.
Faults and no time at all are also tried: what they break is added to the verdict, with the
command that shows it, because a right protocol may rely on timing, or on no faults.

${listed(modeEntries, 2)}
  --untimed          any message in flight may arrive and any set timer may fire, as in the proofs,
                     and every value that a handler may draw is tried, up to 10,000 ways to draw in
                     one step: with more, the verdict is unknown; without this option, only what
                     latencies and timers allow until the scenario ends, each at its earliest time,
                     and the values that the seed draws. What nodes draw when the run begins is
                     always drawn from the seed. Promises that read the time are not judged; the
                     verdict names them
  --faults FAULTS    what else may happen, such as "crashes: 1, drops: 2, duplicates: 1,
                     partitions: 1" (or crashes=1,drops=2); with duplicates=any, messages stay in
                     flight when they arrive
  --on NODES         faults happen only to these nodes, separated by commas
  --reach CEL        looks for a state in which this is true
  --leads-to C,TIME  from every state found, once faults stop, C becomes true within TIME, such as
                     10s, in the run that the seed draws; a walk tries two states of each run
  --inside CEL       does not explore past states in which this is false; the verdict says how many
                     there are
  --max-states N     stops after N different states
  --max-depth N      leaves out runs that are longer than N actions; ends a walk after N actions
  --max-messages N   does not explore past states with more than N messages in flight
  --max-memory MB    stops at about MB megabytes
  --skip-idle        leaves out deliveries that change nothing: their messages stay in flight, as in
                     Stateright. A handler that sends, reports an event or answers changes something
  --no-reduction     takes all actions of each state. Otherwise, an untimed search that visits whole
                     worlds leaves out those that commute with others: they lead to states that it
                     visits anyway
  --seeds A..B       walks with these seeds; without it, with 1..${runsDefault}, or with
                     as many as --for allows
  --workers N        the number of threads; by default, as many as the machine runs at once
  --queue URL        workers on other machines do it, such as redis://127.0.0.1:6379, with the same
                     report; not with --mode dfs: see \`lockstep help worker\`
  --for TIME         stops after this time, such as 30s; without it, --max-states and --mode,
                     after 60s. A finding is then shrunk for up to 10s; --save and --nearest take up
                     to 10s more each
  --coverage         prints which events occurred, which invariants were put to the test, and which
                     lines of the protocol ran; in one thread, and untimed searches take longer
  --lcov FILE        with --coverage, also writes the lines in the format of lcov
  --save DIR         writes a violation to this folder, or the one that a link of this name leads
                     to, as a scenario of plain steps that shows it again; a file with other content
                     is never overwritten
  --nearest          also looks for the nearest run that keeps the promise: with one action of the
                     violation in another place, or left out; for up to 10s
  --junit FILE       also writes the verdict as JUnit's XML
  --json             prints the verdict as one JSON object, with the actions of the run
${rootOption}

${countingStates}

The verdict is *holds*: no violation within these bounds, with what they left out; *violated*, with
the run; or *unknown*, with the reason. The bounds are the meaning of time, the faults and the
limits; a limit is the number or the condition of an option. States are told apart by 64-bit
hashes: of n states, two are taken for one with a chance of about n²/2⁶⁵. A walk never proves that
all holds. What it finds is shrunk to the actions and faults that the violation needs.
Exit code: 0 all holds, 1 something is violated, 2 the input is wrong, 3 unknown.
`,
  record: `lockstep record FILE [--seed N] [--until EVENT|CEL|TIME] [--output TRACE]
                        [--root DIR]

Runs a scenario and writes its trace, from which \`lockstep replay\` runs it again.

  --seed N              replaces the scenario's seed
  --until WHAT          ends the run at an event, when a condition holds, or at a time such as 10s
  -o, --output TRACE    writes to this file; without it, or with -, to standard output
  --root DIR            the folder with the protocol file, as for \`lockstep run\`

A trace is one text file that is complete by itself. It contains, in this order:

  lockstep trace 1      the version of this format
  version, seed, until  which lockstep recorded it, and with which options
  protocol              a built-in protocol with a hash of its source, or a protocol file
  scenario, file        the scenario and the protocol files, each line indented by two spaces
  start                 the boot of the nodes
  0.012345s ACTION      one line for each action
  digest STEP HASH      the state of the whole cluster, every 1000 steps
  end STEP HASH         the last line

The effects of the boot and of each action follow it, one per line, indented by two spaces. The same
run gives the same bytes on every platform.
Exit code: 0 the trace is written, 2 the input is wrong.
`,
  replay: `lockstep replay TRACE…

Runs traces again and reports the first difference: an action that is no longer possible, or one
with another effect, with its step, what the trace expects, and what was found. The scenario's file
is not needed, because the trace contains it.

A trace can contain a protocol file. Replaying it runs the code in that file, as \`lockstep run\`
does.
Exit code: 0 no difference, 1 a difference, 2 the trace is damaged or cannot be read.
`,
  export: `lockstep export FILE [--seed N] [--html OUT.html] [--until EVENT|CEL|TIME]
                     [--steps A..B] [--root DIR]

Runs a scenario and writes the run as one HTML file, which plays it in any browser of 2024 or later,
from the disk and without a network: the panels of the editor after each step, the story of the
scenario, the verdicts, and the scenario and the protocol as text.

  --html OUT.html      writes to this file; without it, to NAME.html in the working directory, where
                       the scenario is NAME.scenario.yaml
  --seed N             replaces the scenario's seed
  --until WHAT         ends the run at an event, when a condition holds, or at a time such as 10s
  --steps A..B         shows only these steps; without it, a run is cut after ${stepsMax} steps, and
                       the file says so
  --view               prints what the file plays, as JSON
  --root DIR           the folder with the protocol file, as for \`lockstep run\`

Exit code: 0 the file is written, 2 the input is wrong.
`,
  worker: `lockstep worker --queue URL [--workers N] [--for TIME]

Does the jobs of \`lockstep explore … --queue URL\` and \`lockstep run … --seeds A..B --queue URL\`:
ranges of seeds, and parts of the levels of a breadth-first search, unless no worlds need be visited
for it (--untimed, where messages alone join the nodes). A job brings the scenario and the files of
its protocol. The worker runs that code: let only those write to this Redis whose code you would
run.

  --queue URL        the Redis, such as redis://127.0.0.1:6379 or rediss://USER:PASSWORD@HOST:6380
  --workers N        the number of threads; by default, as many as the machine runs at once
  --for TIME         ends after this time, such as 10m; without it, a signal ends it

The jobs of a worker that is killed are done by another one after a few seconds. A job is named by
what it contains, so a sweep that was ended goes on where it was if it begins again within an hour.
Ctrl-C removes the jobs of a sweep that wait. Only workers of the same build of Lockstep take its
jobs. Without a worker, a sweep waits for a minute, or for as long as --for allows.
The queue is BullMQ, which is installed apart: \`${installCommand}\`.
Exit code: 0 it was ended, 2 the input is wrong, or there is no Redis.
`,
  check: `lockstep check FILE… [--root DIR]

Reports problems in scenario files and in the protocol files that they name, all at once, as
file:line:column: message. FILE may be a folder: all *.scenario.yaml files in it are checked.

${rootOption}

Exit code: 0 no problem, 2 a problem.
`,
  history: `lockstep history FILE --model MODEL|all [--format FORMAT] [--json]
                      [--specification NAME] [--initial VALUE] [--steps N] [--memory BYTES]
                      [--svg FILE]

Checks a recorded history of client operations against a consistency model. If the model is
violated, it prints the operations that show it. The last line is \`MODEL: holds\`,
\`MODEL: violated\` or \`MODEL: unknown\`; with \`all\` there is one such line for each model, and
standard error names the anomalies. A file without operations violates no model.

  -m, --model MODEL     all, or one of these models:
${listed(models, 24)}
  --format FORMAT       the format; without it, it is guessed from the first line:
${listed(historyFormats, 24)}
  --specification NAME  what the operations do; without it, the first of these that has them all:
                        ${shippedSpecifications.map(({ name }) => name).join(', ')}
  --initial VALUE       the value at the start, as JSON; without it, null, or 0 if an operation of
                        an edn file saw 0 before it was written, or "" in a porcupine-kv file; of
                        transactions: one value for all registers, while lists start empty, or an
                        object with the value of each, as in '{"x": 0, "y": 5}'; without it, no
                        value, or 0 if their parts are called read and write and none read nil
  --steps N             ends the check as unknown after this many steps (${defaultLimits.steps})
  --memory BYTES        ends the check as unknown if it needs more memory (${defaultLimits.memory})
  --svg FILE            draws the operations that show a violation, and their order, as an SVG
  --json                prints one JSON object for each model: model, verdict, witness, lines
  --view                prints what the editor shows, as JSON: operations, then a verdict for each
                        model; FILE may be - for the standard input

An operation without a response, or with an unknown one, may have taken effect or not. A read with
\`:final true\` (edn) or \`"final": true\` (jsonl) was invoked after all messages were delivered.
A history may have responses only. It then violates a model if no invocations could explain the
responses; otherwise, a model that depends on invocations is unknown. Integers of any length are
kept.
Exit code: 0 the model holds, 1 it is violated, 3 it is unknown, 2 the input is wrong.
`,
  list: `lockstep list [PROTOCOL…] [--json]

Lists the protocols with their roles, settings, operations, messages, events and invariants.
`,
  eject: `lockstep eject PROTOCOL DIR [--force]

Copies a built-in protocol into a folder, to be changed: its source and all that it imports, a
scenario that runs it, lockstep.d.ts with the types, and tsconfig.json.

  --force              overwrites files whose content differs, and names them

An existing tsconfig.json is never overwritten.
Exit code: 0 the files are written, 2 a file exists with different content, or bad input.
`,
  generals: `lockstep generals N [--output FILE]

Two generals must attack together, and any of their messages may be lost. For N acknowledgements,
this constructs the run in which they disagree, and says why. It then does the same without the last
message, without the one before it, and so on down to the order.

  -o, --output FILE    writes the scenario; the name must end in .broken.scenario.yaml

Exit code: 0 the run is constructed, 2 the input is wrong.
`,
  dap: `lockstep dap [--port N] [--scenario FILE [--root DIR] [--trusted]]

Runs the debug adapter, over standard input and output, or for one client after another on a port.

  --port N            listens on this port; 0 chooses a free one and prints it
  --scenario FILE     offers the events of its protocol as exception filters from the start
  --root DIR          the folder with the protocol file, as for \`lockstep run\`
  --trusted           lets code of the workspace run before a launch, to offer its events

A protocol that is a file of the workspace is code. With \`--trusted\` it is loaded from the start.
Without it, it is loaded at \`launch\`, and its events follow in a \`capabilities\` event. A launch
with \`"trusted": false\` is refused if it would run code of the workspace. A launch that says
nothing of trust runs the code: a client that does not support trust consents by starting it.
`,
};

export function overview(): string {
  return `lockstep: step through distributed protocols, message by message

  lockstep run FILE…      run scenarios
  lockstep before FILE A B  say which of two events happened before the other, and why
  lockstep test [FILE…]   check that scenarios hold, and that their broken twins fail
  lockstep compare FILE…  run scenarios, and print one table of what they cost and guarantee
  lockstep explore FILE   find a run of a scenario that breaks it
  lockstep worker         do the jobs of searches and sweeps that other machines began
  lockstep record FILE    write a run as a trace
  lockstep replay TRACE…  run traces again, and report the first difference
  lockstep export FILE    write a run as one HTML file that plays in a browser
  lockstep check FILE…    report problems in scenario files
  lockstep history FILE   check a recorded history against consistency models
  lockstep list           list the protocols with everything that a scenario can name
  lockstep eject NAME DIR copy a built-in protocol into a folder, to change it
  lockstep generals N     break N acknowledgements of the two generals, and say why
  lockstep dap            run the debug adapter
  lockstep help COMMAND   explain a command; \`lockstep help commands\` lists the scenario steps
  lockstep --version

A scenario whose file is named *.broken.scenario.yaml is meant to fail: it exits with 1.
An option that writes a file makes the folders that it needs.
`;
}

function formsText(forms: typeof commandForms): string {
  return forms.map(([form, doc]) => `${form}\n    ${doc}\n`).join('');
}

export function helpOf(name: string): string | undefined {
  if (name === 'commands') {
    const typed = 'Only in the debug console, which takes the commands that act at once, too:';
    return `${formsText(commandForms)}\n${typed}\n\n${formsText(consoleForms)}`;
  }
  if (Object.hasOwn(usages, name)) return usages[name];
  // A command of the scenario language.
  const forms = commandForms.filter(([form]) => form.split(' ')[0].split('|').includes(name));
  return forms.length === 0 ? undefined : formsText(forms);
}
