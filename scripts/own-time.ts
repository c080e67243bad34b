// Finds where a file asks the machine itself for time or chance, past the ports.

import ts from "typescript";

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"]);
const ASKED = new Set(["Date.now", "Math.random", "performance.now", "process.hrtime"]);

/** Each with its line, e.g. `12: Date.now`. */
export function ownTimeIn(name: string, text: string): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const what = ownTime(node);
    if (what !== null)
      found.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function ownTime(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText();
    return ASKED.has(name) ? name : null;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Date")
    return node.arguments?.length ? null : "new Date()";
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null;
  return TIMERS.has(node.expression.text) ? node.expression.text : null;
}
