/** Returns the picture of the flowchart in a Markdown text, as SVG in the colours of the theme. */
export function decisionTree(markdown: string): string;

/** Returns the link that opens a file of a sample, named as in the guide. */
export function commandOf(file: string): string;
