/** Returns the picture of the flowchart in a Markdown text, as SVG in the colours of the theme. */
export function decisionTree(markdown: string): string;
