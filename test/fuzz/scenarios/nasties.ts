/** Texts that are made to take long: each is refused, or read and run within its budget. */

export interface Nasty {
  readonly name: string;
  readonly text: string;
  /** True if the check must refuse it; else it may also run, within the budget. */
  readonly isRefused?: boolean;
}

const head = (nodes = 'n1..n3: replica') => `protocol: raft\nnodes: { ${nodes} }\nseed: 1\n`;
const scenario = (rest: string) => `${head()}${rest}`;
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const nested = (open: string, inner: string, close: string, depth: number) =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;
const expectation = (condition: string) =>
  scenario(`steps: [wait until LeaderElected]\nexpect:\n  - always: '${condition}'\n`);

/** Texts whose size is a number: reading them takes time in proportion to it, or is refused. */
export const growing: readonly (readonly [
  name: string,
  size: number,
  text: (size: number) => string,
])[] = [
  ['question marks after a title', 40, (size) => scenario(`title: ${'? '.repeat(size)}x\n`)],
  ['keys at the top level', 4_000, (size) => scenario(many(size, (i) => `key${i}: ${i}\n`))],
  ['nodes', 1_000, (size) => `${head(many(size, (i) => `m${i}: replica, `))}steps: [wait 1s]\n`],
  ['options', 3_000, (size) => scenario(`options:\n${many(size, (i) => `  o${i}: 1\n`)}`)],
  ['the same key', 3_000, (size) => scenario(many(size, () => 'title: x\n'))],
  ['anchors', 3_000, (size) => scenario(many(size, (i) => `a${i}: &a${i} x\n`))],
  ['aliases', 2_000, (size) => scenario(`a: &a x\nb: [${many(size, () => '*a, ')}]\n`)],
  ['steps', 5_000, (size) => scenario(`steps:\n${many(size, () => '  - wait 1ms\n')}`)],
  ['steps in quotes', 3_000, (size) => scenario(`steps:\n${many(size, () => '  - "wait 1ms"\n')}`)],
  ['wrong steps', 2_000, (size) => scenario(`steps:\n${many(size, (i) => `  - crsh n${i}\n`)}`)],
  ['expectations', 1_500, (size) => scenario(`expect:\n${many(size, () => '  - always: n1.up\n')}`)],
  ['flow brackets', 250, (size) => scenario(`x: ${nested('[', '', ']', size)}\n`)],
  ['flow braces', 250, (size) => scenario(`x: ${nested('{a: ', '1', '}', size)}\n`)],
  ['indented maps', 150, (size) => scenario(many(size, (i) => `${' '.repeat(i)}a:\n`))],
  ['dashes', 300, (size) => scenario(`x:\n  ${'- '.repeat(size)}1\n`)],
  ['colons', 2_000, (size) => scenario(`title: ${':'.repeat(size)} ${': '.repeat(size)}\n`)],
  ['quotes', 2_000, (size) => scenario(`title: ${'"'.repeat(size)}\n`)],
  ['comments', 10_000, (size) => scenario(many(size, () => '# x\n'))],
  ['empty documents', 2_000, (size) => scenario(many(size, () => '---\n'))],
  ['one long line', 200_000, (size) => scenario(`title: ${'x'.repeat(size)}\n`)],
  ['one long step', 20_000, (size) => scenario(`steps:\n  - crash ${'n1 '.repeat(size)}\n`)],
  ['tags', 2_000, (size) => scenario(many(size, (i) => `t${i}: !x${i} 1\n`))],
  ['merge keys', 1_500, (size) => scenario(`a: &a {x: 1}\n${many(size, () => '<<: *a\n')}`)],
  ['parentheses in CEL', 300, (size) => expectation(nested('(', 'true', ')', size))],
  ['terms in CEL', 1_500, (size) => expectation(`true${' && true'.repeat(size)}`)],
  ['nots in CEL', 500, (size) => expectation(`${'!'.repeat(size)}true`)],
  ['a list in CEL', 3_000, (size) => expectation(`[${'1, '.repeat(size)}1].size() > 0`)],
];

/** Texts of one size that must be refused, or read within the budget. */
export const large: readonly Nasty[] = [
  { name: '1.3 KB of `? ` after a title', text: scenario(`title: ${'? '.repeat(600)}\n`) },
  { name: '20,000 keys', text: scenario(many(20_000, (i) => `key${i}: ${i}\n`)) },
  { name: '5 MB of keys', text: scenario(many(380_000, (i) => `key${i}: ${i}\n`)), isRefused: true },
  {
    name: '5 MB of anchors',
    text: scenario(many(330_000, (i) => `a${i}: &a${i}\n`)),
    isRefused: true,
  },
  { name: '5 MB of one word', text: scenario(`title: ${'x'.repeat(5_000_000)}\n`) },
  { name: '20 MB', text: scenario(`# ${'x'.repeat(20_000_000)}\n`), isRefused: true },
  { name: '100,000 brackets', text: scenario(`x: ${'['.repeat(100_000)}\n`), isRefused: true },
  { name: '20,000 nested maps', text: nested('{a: ', '1', '}', 20_000), isRefused: true },
  {
    name: 'aliases that multiply',
    text: `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
      .split('')
      .map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]}, `.repeat(9)}]\n`)
      .join('')}`,
    isRefused: true,
  },
  { name: '100,000 nodes in a range', text: `${head('n1..n100000: replica')}steps: []\n`, isRefused: true },
  { name: 'a range that has no end', text: `${head('n1..n99999999999: replica')}`, isRefused: true },
  {
    name: '50,000 misspelt keys',
    text: scenario(many(50_000, (i) => `tilte${i}: 1\n`)),
    isRefused: true,
  },
];

/** Conditions that a run evaluates again and again. */
export const conditions: readonly (readonly [name: string, condition: string])[] = [
  ['a pattern that tries everything', `"${'a'.repeat(40)}b".matches("^(a+)+$")`],
  ['a pattern with alternatives', `"${'a'.repeat(40)}b".matches("^(a|aa)+$")`],
  ['a pattern on many characters', `"${'a'.repeat(3_000)}".matches("(.*)(.*)(.*)(.*)(.*)x")`],
  [
    'nested all',
    `${'nodes.all(a, '.repeat(18)}true${')'.repeat(18)}`.replace(
      /a, /g,
      (() => {
        let index = 0;
        return () => `v${index++}, `;
      })(),
    ),
  ],
  [
    'nested all over lists',
    ['a', 'b', 'c', 'd', 'e', 'f']
      .map((name) => `[${'1,'.repeat(29)}1].all(${name}, `)
      .join('')
      .concat('true', ')'.repeat(6)),
  ],
  [
    'nested map',
    ['a', 'b', 'c', 'd', 'e']
      .map((name) => `[${'1,'.repeat(29)}1].map(${name}, `)
      .join('')
      .concat('1', ')'.repeat(5), '.size() > 0'),
  ],
  ['strings that double', `${'("a" + '.repeat(40)}"a"${')'.repeat(40)}.size() > 0`],
  [
    'a list that doubles',
    `${'[1,1].map(x, '.repeat(24).replaceAll('x', () => `x`)}1${')'.repeat(24)}.size() > 0`,
  ],
];

/** Settings that no system takes: the check refuses them, with the reason. */
export const settings: readonly Nasty[] = [
  ['heartbeatInterval: 0s', 'electionTimeout: 0s..0s', 'maxEntriesPerAppend: -5'],
  ['maxEntriesPerAppend: 0', 'electionTimeout: 1us', 'heartbeatInterval: -1s'],
  ['maxEntriesPerAppend: 1.5', 'electionTimeout: 5s..1s', 'electionTimeout: 99999999h'],
]
  .flat()
  .map((setting) => ({
    name: setting,
    text: scenario(`options: { ${setting} }\nsteps: [wait until LeaderElected]\n`),
    isRefused: true,
  }));

export const conditionScenario = expectation;

/** Scenarios without end in which virtual time stands still, or hardly moves. */
export const endless: readonly Nasty[] = [
  { name: 'a network without latency', text: scenario('network: { latency: 0s }\nsteps: [wait 1h]\n') },
  { name: 'everything twice', text: scenario('network: { duplicate: 100% }\nsteps: [wait 10m]\n') },
  { name: 'a wait of a thousand hours', text: scenario('steps: [wait 1000h]\n') },
  { name: 'a settle of a thousand hours', text: scenario('settle: 1000h\nsteps: [wait 1s]\n') },
];
