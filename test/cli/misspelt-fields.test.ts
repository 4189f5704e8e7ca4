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

describe('a field whose presence an expectation tests', () => {
  const expecting = (line: string) =>
    pingShell({}, `${pinging}expect:\n  - ${line}\n`).run('run', '-q', 'ping.scenario.yaml');

  test.each([
    "never: 'nodes.exists(n, has(n.state.cuont))'",
    `always: '!("cuont" in b.state)'`,
    "end: '!has(b.state.number)'",
  ])('%s', async (line) => {
    const { code, out } = await expecting(line);
    expect(out).toMatch(
      /\n {4}it reads `\w+` at ping\.scenario\.yaml:9:5, which no node of this run ever had/,
    );
    expect(code).toBe(1);
  });

  test.each(["always: 'has(a.state.count)'", `never: '"x" in nodes.map(n, n.id)'`])(
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
    ['of a test whether a field exists', '{ count: 0 }', 'if (acted && "late" in acted.state) return "b";'],
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
});
