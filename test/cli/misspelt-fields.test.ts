/** A field that no node of a run ever had is reported by the verdict on what reads it. */
import { describe, expect, test } from 'vitest';
import { pinging, pingShell, protocolFile, Shell } from './shell.ts';

/** A run whose only invariant has this code. */
async function run(check: string, parts: Parameters<typeof protocolFile>[0] = {}, scenario = pinging) {
  const invariants = `Sound: { doc: 'It is sound.', check({ nodes, acted, memory }: any) {
${check}
  return undefined; }, remember: () => ({}) }`;
  return pingShell({ invariants, ...parts }, scenario).run('run', '-q', 'ping.scenario.yaml');
}

const wrong = (field: string) =>
  new RegExp(
    `\\? Sound\\n {4}it reads \`${field}\` at pinging\\.ts:(\\d+):(\\d+), which no node of this run ` +
      'ever had: correct the name, or let `init` return the field\n',
  );

describe('a misspelt field', () => {
  test.each([
    ['cuont', 'if (nodes.some((node: any) => node.state.cuont > 1)) return "many";'],
    ['cuont', 'if (acted?.state.cuont > 1) return "many";'],
    ['cuont', 'for (const { state: { cuont } } of nodes) if (cuont > 1) return "many";'],
    ['cuont', 'for (const { state } of nodes) if (state["cuont"] > 1) return "many";'],
    ['upp', 'if (nodes.some((node: any) => node.upp === false)) return "down";'],
    ['lats', 'if (acted?.state.last.lats === "b") return "b";'],
    ['form', 'for (const one of acted?.state.seen ?? []) if (one.form === "b") return "b";'],
    ['lenght', 'if (acted?.state.seen.lenght > 5) return "many";'],
  ])('%s is reported: %s', async (field, check) => {
    const init = '{ count: 0, last: { last: "a" }, seen: [{ from: "a" }, { from: "b" }] }';
    const { code, out } = await run(check, { init });
    expect(out).toMatch(wrong(field));
    expect(code).toBe(1);
    const [, line, column] = wrong(field).exec(out)!;
    const lines = protocolFile({ init, invariants: `Sound: { doc: 'It is sound.', check({ nodes, acted, memory }: any) {\n${check}` })
      .split('\n');
    expect(lines[Number(line) - 1]).toContain(check);
    expect(lines[Number(line) - 1].slice(Number(column) - 1)).toContain(field);
  });

  test('is reported of a derived event and of look, with the same words', async () => {
    const role = 'look: ({ cuont }: any) => ({ facts: { cuont } }),';
    const { code, out } = await pingShell({ role }).run('run', '-q', 'ping.scenario.yaml');
    expect(code).toBe(1);
    expect(out).toMatch(/\? look of role peer\n {4}it reads `cuont` at pinging\.ts:\d+:\d+, which no/);
  });

  test('fails a test, also of a broken twin that violates something else', async () => {
    const invariants = `Sound: { doc: '', check: ({ nodes }: any) => nodes[0].state.cuont },
      Few: { doc: '', check: ({ nodes }: any) => nodes[1].state.count > 0 ? 'many' : undefined }`;
    const shell = new Shell({
      'pinging.ts': protocolFile({ invariants }),
      'a.broken.scenario.yaml': `${pinging}breaks: Few\n`,
    });
    const { code, out } = await shell.run('test');
    expect(code).toBe(1);
    expect(out).toContain('✗ a.broken.scenario.yaml: Sound: it reads `cuont` at pinging.ts:');
  });

  test('is in the JSON with its place', async () => {
    const invariants = 'Sound: { doc: "", check: ({ nodes }: any) => nodes[0].state.cuont }';
    const { out } = await pingShell({ invariants }).run('run', '--json', 'ping.scenario.yaml');
    const line = out.split('\n').find((text) => text.includes('misspelt-field'))!;
    expect(JSON.parse(line)).toMatchObject({
      verdict: 'unknown',
      kind: 'invariant',
      subject: 'Sound',
      file: 'pinging.ts',
      line: expect.any(Number),
      column: expect.any(Number),
    });
  });
});

/** Runs a protocol whose events, messages, operations and answers all have fields. */
async function runNoting(check: string, parts: Parameters<typeof protocolFile>[0] = {}) {
  const invariants = `Sound: { doc: 'It is sound.', ${check} }`;
  const role = `operations: {
    ask: {
      doc: 'Pings the other node.', parameters: { word: 'string' },
      run(node: any, { word }: any, operation: string) {
        for (const peer of node.peers) node.send(peer, { type: 'Ping', word, path: [{ hop: 1 }] });
        node.event('Asked', { word, votes: 1 });
        node.reply(operation, { word });
      },
    },
  },`;
  const file = protocolFile({ init: '{ count: 0, last: { word: "" }, log: [] as any[] }', invariants, ...parts })
    .replace(/operations: \{[^]*?\n {6}\},\n/, role)
    .replace('events: {', "events: { Asked: 'A node was asked.',");
  const scenario = pinging.replaceAll('a ask', 'a ask x');
  const shell = new Shell({ 'ping.scenario.yaml': scenario, 'pinging.ts': file });
  return { ...(await shell.run('run', '-q', 'ping.scenario.yaml')), file };
}

const owners = {
  node: 'no node of this run ever had: correct the name, or let `init` return the field',
  memory: 'its memory never had: correct the name, or let `remember` return the field',
  step: 'is not among what it receives after a step: correct the name',
  event: 'no event of this run ever had: correct the name',
  message: 'no message of this run ever had: correct the name',
  operation: 'no operation of this run ever had: correct the name',
  answer: 'no answer of this run ever had: correct the name',
  number: 'a number does not have: correct the name',
  string: 'a string does not have: correct the name',
} as const;

describe('a misspelt field of', () => {
  const body = (code: string) => `check: (seen: any) => { ${code} return undefined; }`;
  test.each<[keyof typeof owners, string]>([
    // Tested for its presence.
    ['node', body("if (seen.nodes.some((n: any) => 'phse' in n.state)) return 'x';")],
    ['node', body("if (seen.nodes.some((n: any) => Object.hasOwn(n.state, 'phse'))) return 'x';")],
    ['node', body("if (Object.prototype.hasOwnProperty.call(seen.nodes[0].state.last, 'phse')) return 'x';")],
    ['node', body("if (seen.nodes[0].state.hasOwnProperty('phse')) return 'x';")],
    ['event', body("if (seen.events.some((e: any) => 'phse' in e.fields)) return 'x';")],
    // Read of a copy.
    ['node', body('if ({ ...seen.nodes[0].state }.phse) return "x";')],
    ['node', body('const all = { ...seen.nodes[0].state, count: 7, more: 1 } as any; if (all.phse) return "x";')],
    ['node', body('const all = { ...seen.nodes[0].state.last } as any; const { phse } = all; if (phse) return "x";')],
    ['node', body('const { count, ...others } = seen.nodes[0].state; if (others.phse) return "x";')],
    ['node', body('const { count, ...others } = seen.nodes[0].state; const { phse } = others; if (phse) return "x";')],
    ['node', body("const { count, ...others } = seen.nodes[0].state; if ('phse' in others) return 'x';")],
    ['node', body('const show = ({ count, ...others }: any) => others.phse; if (seen.nodes.some((n: any) => show(n.state))) return "x";')],
    ['node', body('const all = Object.assign({}, seen.nodes[0].state); if (all.phse) return "x";')],
    ['node', body('const all = JSON.parse(JSON.stringify(seen.nodes[0].state)); if (all.phse) return "x";')],
    ['node', body('const all = JSON.parse(JSON.stringify(seen.nodes[0].state)); if (all.last.phse) return "x";')],
    ['node', body('const all = seen.nodes.map((n: any) => ({ id: n.id, ...n.state })); if (all.some((one: any) => one.phse)) return "x";')],
    ['event', body('for (const e of seen.events) { const all: any = { ...e.fields }; if (all.phse) return "x"; }')],
    ['message', body('if (seen.message && ({ ...seen.message.body } as any).phse) return "x";')],
    // Of a value that has no fields.
    ['number', body('if (seen.nodes[0].state.count.phse) return "x";')],
    ['number', body('if (seen.acted?.state.count.phse) return "x";')],
    ['number', body('const { count } = seen.nodes[0].state; if (count.phse) return "x";')],
    ['number', body("if (seen.nodes[0].state.count['phse']) return 'x';")],
    ['string', body('if (seen.nodes.map((n: any) => n.state.last.word).some((word: any) => word.phse)) return "x";')],
    // Of what else it receives.
    ['step', body('if (seen.phse) return "x";')],
    ['step', 'check: ({ nodes, phse }: any) => phse ? "x" : undefined'],
    ['node', body('if (seen.nodes.phse) return "x";')],
    ['event', body('if (seen.events.some((e: any) => e.fields.phse)) return "x";')],
    ['event', body('if (seen.events.some((e: any) => e.phse)) return "x";')],
    ['event', body('for (const { fields: { phse } } of seen.events) if (phse) return "x";')],
    ['message', body('if (seen.message?.body.phse) return "x";')],
    ['message', body('if (seen.message?.phse) return "x";')],
    ['message', body('if (seen.message?.body.path?.some((one: any) => one.phse)) return "x";')],
    ['operation', body('if (seen.invoked?.args.phse) return "x";')],
    ['operation', body('if (seen.invoked?.phse) return "x";')],
    ['answer', body('if (seen.answers.some((one: any) => one.result.phse)) return "x";')],
    ['answer', body('if (seen.answers.some((one: any) => one.phse)) return "x";')],
    ['operation', body('if (seen.answers.some((one: any) => one.args.phse)) return "x";')],
    ['memory', `${body('seen.memory.list.push(1); if (seen.memory.phse) return "x";')}, remember: () => ({ list: [] })`],
    ['memory', `${body('const { memory: { phse = 0 } } = seen; if (phse) return "x";')}, remember: () => ({})`],
    ['memory', `${body('seen.memory.last.word = "a"; if (seen.memory.last.phse) return "x";')}, remember: () => ({ last: { word: "" } })`],
    ['event', `when: ({ events }: any) => events.some((e: any) => e.fields.phse === 1), ${body('')}`],
    ['memory', `when: ({ memory }: any) => memory.phse === 1, ${body('')}, remember: () => ({ list: [] })`],
    ['number', `when: ({ acted }: any) => acted?.state.count.phse === 1, ${body('')}`],
  ])('the %s is reported: %s', async (owner, check) => {
    const { code, out, file } = await runNoting(check);
    const line = file.split('\n').findIndex((text) => text.includes(check)) + 1;
    expect(out).toContain(`? Sound\n    it reads \`phse\` at pinging.ts:${line}:`);
    expect(out).toContain(`, which ${owners[owner]}\n`);
    const column = Number(/pinging\.ts:\d+:(\d+)/.exec(out)![1]);
    expect(file.split('\n')[line - 1].slice(column - 1)).toMatch(/^phse/);
    expect(code).toBe(1);
  });

  test('an item of a log that is frozen', async () => {
    const ping = 'node.state.log.push(frozen({ word: "x" }));';
    const top = "import { frozen } from 'lockstep';";
    const check = body('if (seen.nodes.some((n: any) => n.state.log.some((one: any) => one.phse))) return "x";');
    const { code, out } = await runNoting(check, { ping, top });
    expect(out).toContain(`, which ${owners.node}\n`);
    expect(code).toBe(1);
  });

  test('an event or a message is reported if the types of all kinds lack it, not only the run', async () => {
    const top = `interface Events { Pinged: { count: number }; Asked: { word: string; votes: number } }
type Word = { word: string; path: { hop: number }[] };
interface Messages { Ping: Word }
const other = { ballot: 1 };`;
    const ofEvent = body('if (seen.events.some((e: any) => e.fields.ballot)) return "x";');
    expect(await runNoting(ofEvent, { top })).toMatchObject({ code: 1 });
    const ofMessage = body('if (seen.message?.body.ballot) return "x";');
    expect(await runNoting(ofMessage, { top })).toMatchObject({ code: 1 });
    const unknown = top.replace('votes: number', 'votes: Votes');
    expect(await runNoting(ofEvent, { top: unknown })).toMatchObject({ code: 0 });
  });

  test('a value of a declared type without fields, though other objects have it', async () => {
    const top = 'interface State { count: number; last: { word: string } }';
    const check = body('if (seen.nodes[0].state.count.word) return "x";');
    expect(await runNoting(check, { top })).toMatchObject({ code: 1 });
    const wider = top.replace('count: number', 'count: number | { word: string }');
    expect(await runNoting(check, { top: wider })).toMatchObject({ code: 0 });
  });
});

describe('a field that an expectation names', () => {
  const expecting = (line: string) =>
    pingShell({}, `${pinging}expect:\n  - ${line}\n`).run('run', '-q', 'ping.scenario.yaml');

  test.each([
    "never: 'nodes.exists(n, has(n.state.cuont))'",
    `always: '!("cuont" in b.state)'`,
    "end: '!has(b.state.number)'",
    // Named, but not read.
    "never: '!a.up && a.state.vote == 1'",
    "always: 'a.up || a.state.vote == 1'",
    "no event Pinged where has(event.cuont)",
    "no event Pinged where 'cuont' in event",
    "no event Pinged where event.count > 5 && event.cuont > 5",
    "no event Pinged where has(state.vote)",
  ])('%s', async (line) => {
    const { code, out } = await expecting(line);
    expect(out).toMatch(
      /\n {4}it reads `\w+` at ping\.scenario\.yaml:9:5, which no (node|event) of this run ever had/,
    );
    expect(code).toBe(1);
  });

  test.each(["always: 'has(a.state.count)'", `never: '"x" in nodes.map(n, n.id)'`,
    'no event Pinged where has(event.count) && event.count > 5', 'no event Pinged where state.count > 5',
    'no event Pinged where event.node == "a" && has(event.name) && event.count > 5',
  ])(
    'is not reported if it exists: %s',
    async (line) => expect(await expecting(line)).toMatchObject({ code: 0 }),
  );
});

describe('nothing is reported', () => {
  test.each([
    ['of the key of a record', '{ count: 0, votes: {} }', 'if (acted?.state.votes[acted.id]) return "b";'],
    ['of a record with equal keys', '{ count: 0, votes: { a: 1 } }', 'if (acted?.state.votes[acted.id + "x"]) return "";'],
    ['of a record that changes', '{ count: 0, votes: {} as any }', 'if (acted?.state.votes.nobody) return "b";'],
    ['of a field without a value', '{ count: 0, late: undefined }', 'if (acted?.state.late) return "b";'],
    ['of an optional field', '{ count: 0 } as { count: number; late?: string }', 'if (acted?.state.late) return "b";'],
    ['of a test whether an optional field exists', '{ count: 0 } as { late?: string; count: number }', 'if (acted && "late" in acted.state) return "b";'],
    ['of what JavaScript reads', '{ count: 0, list: [1] }', 'JSON.stringify(nodes); String(acted?.state.list); memory.late = [...nodes].length;'],
  ])('%s', async (_, init, check) => {
    const { code, out } = await run(check, { init });
    expect(out).toContain('✓ 1 of 1 invariants');
    expect(code).toBe(0);
  });

  test('of a field that a node had at any time', async () => {
    const ping = 'if (node.state.count === 1) (node.state as any)["la" + "te"] = 1; else delete (node.state as any).late;';
    const { code, out } = await run('if (acted?.state.late === 7) return "7";', { ping });
    expect(out).toContain('✓ 1 of 1 invariants');
    expect(code).toBe(0);
  });

  const body = (code: string) => `check: (seen: any) => { ${code} return undefined; }`;
  test.each([
    ['a field that only some events have', body('if (seen.events.some((e: any) => e.fields.votes > 3)) return "x";'), {}],
    ['a field of an event that did not happen', body('if (seen.events.some((e: any) => e.fields.late)) return "x";'), { ping: 'if (node.state.count > 99) node.event("Asked", { late: 1 });' }],
    ['a field of a message that was not sent', body('if (seen.message?.body.late) return "x";'), { ping: 'const late = 1; if (node.state.count > 99) node.send("a", { type: "Ping", late });' }],
    ['an optional field of a message', body('if (seen.message?.body.late) return "x";'), { top: 'interface Ping { word: string; late?: string }' }],
    ['a field that is undefined', body('if (seen.nodes[0].state.late) return "x";'), { ping: 'node.state.late = undefined;' }],
    ['the keys and entries of a state', body('if (Object.keys(seen.nodes[0].state).includes("y") || Object.entries(seen.nodes[0].state).some(([key]) => key === "z")) return "x";'), {}],
    ['a copy that has the field', body('const all = { ...seen.nodes[0].state, phse: 1 }; if (all.phse !== 1) return "x";'), {}],
    ['a copy that has the field of another object', body('const all = seen.message ? { ...seen.nodes[0].state, ...seen.message.body } : { word: 1, ...seen.nodes[0].state }; if (!all.word) return "x";'), {}],
    ['what is left of an object', body('const { count, ...others } = seen.nodes[0].state; if (others.last.word === 7) return "x";'), {}],
    ['a memory that is written later', `${body('if (seen.memory.late > 99) return "x"; if (seen.time > 5e3) seen.memory.late = 1;')}, remember: () => ({ list: [] })`, {}],
    ['a memory that is written by another operator', `${body('if (seen.memory.late > 99) return "x"; if (seen.time > 5e9) seen.memory.late ??= 1;')}, remember: () => ({ list: [] })`, {}],
    ['a memory whose keys are the names of events', `${body('for (const { name } of seen.events) seen.memory[name] = 1; if (seen.memory.Elected) return "x";')}, remember: () => ({ list: [] })`, { ping: 'if (node.state.count > 99) node.event("Elected");' }],
    ['a field of an object that was a number', body('if (seen.nodes[0].state.either.late) return "x";'), { init: '{ count: 0, either: 1 as number | { late: string } }' }],
    ['a frozen constant that is compared by identity', body('if (seen.nodes.some((n: any) => n.state.last !== none)) return "x";'), { top: 'const none = { word: "" };', init: '{ count: 0, last: none }' }],
    ['the first item of an empty list', body('if (seen.nodes[0].state.log[0] || seen.nodes[0].state.log["1"]) return "x";'), {}],
    ['methods of strings, numbers and lists', body('if (seen.nodes[0].state.count.toFixed(1).padEnd(3).length > 9 || seen.nodes.length > 3) return "x";'), {}],
  ])('of %s', async (_, check, parts) => {
    const { code, out } = await runNoting(check, parts);
    expect(out).toContain('✓ 1 of 1 invariants');
    expect(code).toBe(0);
  });
});
