/** Reads the doc comments of the callable exports of the package's entries from the source text. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A function, a class, or a method or accessor of one. */
export interface Exported {
  /** The name, for example `Guest.settle`. */
  readonly name: string;
  /** In src/. */
  readonly file: string;
  readonly parameters: readonly string[];
  /** The doc comment without its stars; empty where there is none. */
  readonly comment: string;
  /** The code of each example in it. */
  readonly examples: readonly string[];
}

const source = (name: string): string => fileURLToPath(new URL(`../../src/${name}`, import.meta.url));

/** Lists the exports of these files of src/, once each, without what is internal. */
export function exportedBy(files: readonly string[]): Exported[] {
  const rootNames = files.map(source);
  const options: ts.CompilerOptions = { module: ts.ModuleKind.NodeNext, noLib: true, types: [] };
  const program = ts.createProgram({ rootNames, options });
  const checker = program.getTypeChecker();
  const found = new Map<ts.Declaration, Exported>();
  for (const name of rootNames) {
    const file = program.getSourceFile(name);
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`expected a module, got ${name}`);
    for (const symbol of checker.getExportsOfModule(module)) {
      const { declarations = [] } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      for (const declaration of declarations.flatMap(callables)) found.set(declaration, toExported(declaration));
    }
  }
  return [...found.values()].filter(({ comment }) => !comment.includes("@internal"));
}

/** The declaration itself if it can be called, and what can be called of it; nothing of a type. */
function callables(declaration: ts.Declaration): ts.Declaration[] {
  if (ts.isFunctionDeclaration(declaration)) return [declaration];
  if (!ts.isClassDeclaration(declaration)) return [];
  const isOwn = (member: ts.ClassElement): boolean => member.name !== undefined && ts.isPrivateIdentifier(member.name);
  const isCall = (member: ts.ClassElement): boolean =>
    ts.isMethodDeclaration(member) ||
    ts.isAccessor(member) ||
    (ts.isPropertyDeclaration(member) && member.type !== undefined && ts.isFunctionTypeNode(member.type));
  return [declaration, ...declaration.members.filter((member) => isCall(member) && !isOwn(member))];
}

function toExported(node: ts.Declaration): Exported {
  const file = node.getSourceFile();
  const [documented] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const comment = documented === undefined ? "" : withoutStars(documented.getText());
  const name = (of: ts.Node): string => ts.getNameOfDeclaration(of as ts.Declaration)?.getText() ?? "";
  return {
    name: ts.isClassElement(node) ? `${name(node.parent)}.${name(node)}` : name(node),
    file: basename(file.fileName),
    parameters: ts.isFunctionLike(node) ? node.parameters.map((parameter) => parameter.name.getText()) : [],
    comment,
    examples: comment
      .split(/^@/m)
      .flatMap((tag) => (tag.startsWith("example\n") ? [tag.slice("example\n".length)] : [])),
  };
}

/**
 * The text of an asynchronous function's body that runs an example: in a function of its own, for it may name things as
 * the test does. Node 20 does not know `await using`.
 */
export function runnable(code: string): string {
  const target = ts.ScriptTarget.ES2023;
  return `${ts.transpile(`async function example() { ${code} }`, { target })}; await example();`;
}

function withoutStars(comment: string): string {
  return comment.replace(/^\/\*\*|\*\/$/g, "").replace(/^ *\* ?/gm, "");
}
