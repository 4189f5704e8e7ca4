/** The texts of plain scenarios: a protocol, its nodes, and steps on a network. */

export const head = (protocol: string, nodes: string, network = '') =>
  `protocol: ${protocol}\nnodes: { ${nodes} }\n${network && `network: { ${network} }\n`}steps:\n`;

export const steps = (...lines: string[]) => lines.map((line) => `  - ${JSON.stringify(line)}\n`).join('');

export const scenario = (protocol: string, nodes: string, lines: string[], network?: string) =>
  head(protocol, nodes, network) + steps(...lines);

/** Messages arrive late, twice and in any order. */
export const rough = 'latency: 1ms..20ms, duplicate: 5%, reorder: true';
