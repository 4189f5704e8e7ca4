// Finds the English words of the extension and the panels, and makes them translatable.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import { transform } from 'sucrase';

const wordFiles = /[\\/]src[\\/](view[\\/]panel-words[\\/][^\\/]+|extension[\\/](finding[\\/])?words)\.ts$/;

/**
 * Modules of words contain plain English, so that they read as what a user sees. This replaces each
 * string in them by a call of `translate`, with what is inserted as its arguments.
 */
export const translatedWords = (root) => ({
  name: 'translated-words',
  setup(build) {
    build.onLoad({ filter: wordFiles }, ({ path: file }) => ({
      contents: translatable(readFileSync(file, 'utf8'), root).code,
      loader: 'js',
      resolveDir: path.dirname(file),
    }));
  },
});

/** Writes all English strings to l10n/bundle.l10n.json, from which translators begin. */
export function writeBundle(root) {
  const templates = new Set(
    filesOfWords(root).flatMap((file) => [...translatable(readFileSync(file, 'utf8'), root).templates]),
  );
  const sorted = [...templates].sort();
  const bundle = Object.fromEntries(sorted.map((template) => [template, template]));
  const file = path.join(root, 'l10n/bundle.l10n.json');
  const text = `${JSON.stringify(bundle, null, 2)}\n`;
  mkdirSync(path.dirname(file), { recursive: true });
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

export function filesOfWords(root) {
  const folder = path.join(root, 'src/view/panel-words');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const ofExtension = ['words.ts', 'finding/words.ts'];
  return [
    ...names.map((name) => path.join(folder, name)),
    ...ofExtension.map((name) => path.join(root, 'src/extension', name)),
  ];
}

/** The module in JavaScript with its strings in calls of `translate`, and their templates. */
export function translatable(source, root) {
  const { code } = transform(source, { transforms: ['typescript'], disableESTransforms: true });
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const rewriter = new Rewriter(code);
  const body = rewriter.text(tree, undefined);
  const from = JSON.stringify(path.join(root, 'src/view/translate.ts'));
  return {
    code: `import { translate as inLanguage } from ${from};\n${body}`,
    templates: rewriter.templates,
  };
}

const hasWord = /\p{L}{2}/u;
/** Words rather than a code: several of them, or a capital at the beginning. */
const isPhrase = /\p{L}.*\s|\s.*\p{L}|^\p{Lu}\p{Ll}/u;
/** A file, a pattern of files, or the name of Lockstep: the same in each language. */
const isName = /^(?:\S*[./*_-]\S*|Lockstep)$/;
const comparisons = new Set(['===', '!==', '==', '!=', 'in', 'instanceof', '<', '>', '<=', '>=']);
/** These take parts of texts, not texts. */
const partMethods = new Set([
  'startsWith', 'endsWith', 'includes', 'indexOf', 'lastIndexOf', 'split', 'join', 'has', 'get',
  'match', 'test', 'replace', 'replaceAll', 'padStart', 'padEnd', 'localeCompare',
]);
/** The discriminants of unions, and what else is never shown. */
const codeKeys = new Set(['type', 'kind', 'code', 'tone', 'class']);

class Rewriter {
  templates = new Set();

  constructor(code) {
    this.code = code;
  }

  /** The text of a node, rewritten. */
  text(node, parent) {
    const parts = partsOf(node);
    if (parts && isShown(node, parent, parts)) return this.call(parts, node);
    let text = '';
    let at = node.start;
    for (const child of childrenOf(node)) {
      // The name and the value of `{ step }` are the same text.
      if (child.start < at) continue;
      text += this.code.slice(at, child.start) + this.text(child, node);
      at = child.end;
    }
    return text + this.code.slice(at, node.end);
  }

  call(parts, node) {
    const values = parts.filter((part) => typeof part !== 'string');
    let number = 0;
    const template = parts.map((part) => (typeof part === 'string' ? part : `{${number++}}`)).join('');
    this.templates.add(template);
    const rewritten = values.map((value) => this.text(value, node));
    return `inLanguage(${[JSON.stringify(template), ...rewritten].join(', ')})`;
  }
}

/** A string as the texts and the expressions that it consists of; undefined if it is not a string. */
function partsOf(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : undefined;
  if (node.type === 'TemplateLiteral') {
    return node.quasis.flatMap(({ value }, index) => {
      const expression = node.expressions[index];
      return expression ? [value.cooked, expression] : [value.cooked];
    });
  }
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [partsOf(node.left) ?? [node.left], partsOf(node.right) ?? [node.right]];
  return [...left, ...right];
}

function isShown(node, parent, parts) {
  const texts = parts.filter((part) => typeof part === 'string');
  if (!texts.some((text) => hasWord.test(text)) || texts.some((text) => /\{\d+\}/.test(text))) return false;
  if (parts.length > 1) return true;
  const [text] = texts;
  if (isName.test(text)) return false;
  switch (parent?.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportSpecifier':
    case 'SwitchCase':
    case 'TaggedTemplateExpression':
      return false;
    case 'BinaryExpression':
      return !comparisons.has(parent.operator);
    case 'MemberExpression':
      return parent.object === node;
    case 'Property':
      return parent.value === node && !codeKeys.has(parent.key.name ?? parent.key.value);
    case 'ArrayExpression':
      return isPhrase.test(text);
    case 'CallExpression':
      return isPhrase.test(text) && !partMethods.has(parent.callee.property?.name);
    default:
      return true;
  }
}

function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string' && typeof child.start === 'number')
    .sort((one, other) => one.start - other.start);
}
