// What a name stands for, and what that is called where the language or Node declares it.

import ts from "typescript";

/** Through imports under other names, and through what is taken apart or put together. */
export function standsFor(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = takenFrom(node, checker) ?? named(node, checker);
  if (symbol === undefined) return;
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** `const { name } = of` and `({ name: other } = of)`. */
function takenFrom(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const { parent } = node;
  if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
    return checker.getTypeAtLocation(parent.parent).getProperty(node.text);
  if (!ts.isObjectLiteralElement(parent) || parent.name !== node) return;
  const taking = parent.parent.parent;
  if (!ts.isBinaryExpression(taking) || taking.left !== parent.parent) return;
  if (taking.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
  return checker.getTypeAtLocation(taking.right).getProperty(node.text);
}

function named(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const { parent } = node;
  if (ts.isExportSpecifier(parent)) return checker.getExportSpecifierLocalTargetSymbol(parent);
  if (ts.isShorthandPropertyAssignment(parent))
    return checker.getShorthandAssignmentValueSymbol(parent);
  return checker.getSymbolAtLocation(node);
}

/** Home and name, e.g. `timers/promises.setTimeout` or `DateConstructor.now`; null for what is declared in source of ours. */
export function nameOf(symbol: ts.Symbol | undefined): string | null {
  const declared = symbol?.declarations?.[0];
  if (symbol === undefined || declared === undefined) return null;
  return declared.getSourceFile().isDeclarationFile
    ? `${homeOf(declared.parent)}.${symbol.name}`
    : null;
}

function homeOf(node: ts.Node): string {
  if (ts.isSourceFile(node)) return "global";
  const isHome =
    ts.isModuleDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isVariableDeclaration(node);
  if (isHome && "text" in node.name) return node.name.text.replace(/^node:/u, "");
  return homeOf(node.parent);
}
