/** The interfaces of the boundary as src/engine/exports.ts declares them, read from its text. */
import { readFileSync } from "node:fs";
import ts from "typescript";

/** A declared member: a function with so many parameters, or something else. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly parameters: number | null;
}

const source = ts.createSourceFile(
  "exports.ts",
  readFileSync(new URL("../../src/engine/exports.ts", import.meta.url), "utf8"),
  ts.ScriptTarget.Latest,
);

/** The members of an interface. */
export function membersOf(interfaceName: string): Member[] {
  return declared(interfaceName).map(toMember);
}

/** The members of an interface whose members are object types, by the name of each: modules of imports. */
export function modulesOf(interfaceName: string): Map<string, Member[]> {
  return new Map(
    declared(interfaceName).map((member) => {
      if (!ts.isPropertySignature(member) || member.type === undefined || !ts.isTypeLiteralNode(member.type)) {
        throw new Error(`${interfaceName}: expected a module, got ${member.getText(source)}`);
      }
      return [nameOf(member), member.type.members.map(toMember)];
    }),
  );
}

function declared(interfaceName: string): readonly ts.TypeElement[] {
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName) return [...statement.members];
  }
  throw new Error(`expected an interface ${interfaceName} in ${source.fileName}`);
}

function toMember(member: ts.TypeElement): Member {
  return {
    name: nameOf(member),
    optional: member.questionToken !== undefined,
    parameters: ts.isMethodSignature(member) ? member.parameters.length : null,
  };
}

function nameOf(member: ts.TypeElement): string {
  if (member.name === undefined || !ts.isIdentifier(member.name)) {
    throw new Error(`expected a member with a name, got ${member.getText(source)}`);
  }
  return member.name.text;
}
