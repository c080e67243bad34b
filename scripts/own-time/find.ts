// Finds where a file asks the machine itself for time or chance, past the ports: by what its names stand for, not by how they are spelt.

import ts from "typescript";

import { asked, askedWithNothing, whole } from "./names.ts";
import { nameOf, standsFor } from "./stands-for.ts";

export interface OwnTime {
  /** From 1. */
  line: number;
  /** As in the tables of names; `new Date()` and `Date()`; `Date, handed on` for a whole one. */
  what: string;
}

/** Only names that end like this are looked up: asking what each one stands for takes too long. */
const ENDS = new Set(
  [...asked, ...askedWithNothing, ...whole].map((name) => name.slice(name.lastIndexOf(".") + 1)),
);

/** In the order of the text. */
export function ownTimeIn(program: ts.Program, source: ts.SourceFile): OwnTime[] {
  const checker = program.getTypeChecker();
  const found: OwnTime[] = [];
  const visit = (node: ts.Node): void => {
    if (isOnlyTypes(node)) return;
    const what = ownTime(node, checker);
    if (what !== null)
      found.push({
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
        what,
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A class that extends another is one of the values that stand where types do. */
function isOnlyTypes(node: ts.Node): boolean {
  if (ts.isImportClause(node)) return node.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(node) || ts.isImportSpecifier(node) || ts.isExportSpecifier(node))
    return node.isTypeOnly;
  if (ts.isExpressionWithTypeArguments(node))
    return !ts.isHeritageClause(node.parent) || node.parent.token !== ts.SyntaxKind.ExtendsKeyword;
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node);
}

function ownTime(node: ts.Node, checker: ts.TypeChecker): string | null {
  if (ts.isElementAccessExpression(node)) return ownTimeByKey(node, checker);
  if (!ts.isIdentifier(node) || !ENDS.has(node.text)) return null;
  const name = nameOf(standsFor(node, checker));
  if (name === null) return null;
  if (asked.has(name)) return name;
  if (askedWithNothing.has(name)) return isCalledWithNothing(accessOf(node)) ? name : null;
  return whole.has(name) ? wholeOf(accessOf(node), name) : null;
}

/** Keys that are not spelt out count too, where their types are. */
function ownTimeByKey(
  { expression, argumentExpression: key }: ts.ElementAccessExpression,
  checker: ts.TypeChecker,
): string | null {
  const type = checker.getTypeAtLocation(key);
  const keys = (type.isUnion() ? type.types : [type]).filter((each) => each.isStringLiteral());
  for (const { value } of keys) {
    if (!ENDS.has(value)) continue;
    const holder = checker.getTypeAtLocation(expression);
    const name = nameOf(checker.getPropertyOfType(holder, value));
    if (name !== null && asked.has(name)) return name;
  }
  return null;
}

const isCalledWithNothing = (node: ts.Node): boolean =>
  ts.isCallExpression(node.parent) &&
  node.parent.expression === node &&
  node.parent.arguments.length === 0;

/** The name together with what it is asked of, and with parentheses around it. */
function accessOf(name: ts.Identifier): ts.Node {
  const { parent } = name;
  let node: ts.Node = ts.isPropertyAccessExpression(parent) && parent.name === name ? parent : name;
  while (ts.isParenthesizedExpression(node.parent)) node = node.parent;
  return node;
}

/** Null where only something of it is asked, which is judged by itself, or nothing. */
function wholeOf(node: ts.Node, name: string): string | null {
  const { parent } = node;
  const short = name.slice(name.lastIndexOf(".") + 1);
  if (ts.isNewExpression(parent) && parent.expression === node)
    return parent.arguments?.some((each) => !ts.isSpreadElement(each)) ? null : `new ${short}()`;
  if (ts.isCallExpression(parent) && parent.expression === node) return `${short}()`;
  return isLookedInto(node) ? null : `${short}, handed on`;
}

function isLookedInto(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isTypeOfExpression(parent)) return true;
  if (ts.isElementAccessExpression(parent) && parent.expression === node)
    return ts.isStringLiteralLike(parent.argumentExpression);
  if (ts.isImportSpecifier(parent)) return parent.propertyName === undefined;
  if (ts.isVariableDeclaration(parent))
    return ts.isObjectBindingPattern(parent.name) && !parent.name.elements.some(isRest);
  if (!ts.isBinaryExpression(parent)) return false;
  if (parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return true;
  return ts.isObjectLiteralExpression(parent.left) && !parent.left.properties.some(isRest);
}

const isRest = (node: ts.Node): boolean =>
  ts.isSpreadAssignment(node) || (ts.isBindingElement(node) && node.dotDotDotToken !== undefined);
