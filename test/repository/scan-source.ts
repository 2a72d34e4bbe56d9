import { parseAst } from "vitest/node";

/** One module that a file names: by a static, dynamic or type-only import, a re-export, or `require`. */
export type Import = {
  /** As written; absent when it is computed, so that nobody can tell what is loaded. */
  readonly specifier?: string;
  readonly line: number;
  /** Whether loading the file loads the module as well: not so for types, nor for what is loaded later. */
  readonly eager: boolean;
};

/** What the repository's rules want to know of a TypeScript file. */
export type ScannedSource = {
  readonly imports: readonly Import[];
  /** Lines of what the rules forbid. */
  readonly defaultExports: readonly number[];
  readonly anys: readonly number[];
  /** `x as T` and `<T>x`, but not those that can hide nothing. */
  readonly casts: readonly number[];
  readonly suppressions: readonly number[];
  /** The file does nothing but hand on what other files export. */
  readonly isBarrel: boolean;
};

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

/** Reads a file with a real parser: what stands in comments and strings is no import. */
export function scanSource(text: string): ScannedSource {
  const program = parseAst(text, { lang: "ts" });
  const lineAt = lineCounter(text);
  const imports: Import[] = [];
  const defaultExports: number[] = [];
  const anys: number[] = [];
  const casts: number[] = [];
  const suppressions = [...text.matchAll(/^\s*(?:\/\/|\/?\*+)\s*@ts-(?:ignore|expect-error|nocheck)/gm)].map(
    ({ index, 0: comment }) => lineAt(index + comment.length),
  );

  const add = (node: Node, source: unknown) => {
    const specifier = isNode(source) && typeof source.value === "string" ? source.value : undefined;
    imports.push({
      line: lineAt(node.start),
      eager: isEager(node),
      ...(specifier !== undefined && { specifier }),
    });
  };
  walk(program, (node) => {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "ImportExpression":
      case "TSImportType":
        add(node, node.source);
        break;
      case "ExportNamedDeclaration":
        if (isNode(node.source)) add(node, node.source);
        break;
      case "TSExternalModuleReference":
        add(node, node.expression);
        break;
      case "CallExpression":
        if (isRequire(node.callee)) add(node, Array.isArray(node.arguments) ? node.arguments[0] : undefined);
        break;
      case "ExportDefaultDeclaration":
      case "TSExportAssignment":
        defaultExports.push(lineAt(node.start));
        break;
      case "ExportSpecifier":
        if (isNode(node.exported) && node.exported.name === "default")
          defaultExports.push(lineAt(node.start));
        break;
      case "TSAnyKeyword":
        anys.push(lineAt(node.start));
        break;
      case "TSAsExpression":
      case "TSTypeAssertion":
        if (!isHarmless(node.typeAnnotation)) casts.push(lineAt(node.start));
        break;
    }
  });
  return { imports, defaultExports, anys, casts, suppressions, isBarrel: isBarrel(program.body) };
}

function isEager({ type, importKind, exportKind }: Node): boolean {
  const isStatement = ["ImportDeclaration", "ExportAllDeclaration", "ExportNamedDeclaration"].includes(type);
  return isStatement && importKind !== "type" && exportKind !== "type";
}

/** `require(x)`, whatever its argument; `createRequire(…)` makes one under any name, and is called `require` by our rules. */
function isRequire(callee: unknown): boolean {
  return isNode(callee) && callee.type === "Identifier" && callee.name === "require";
}

/** `as const`, and `as readonly string[]`, which only widens a list of literals to ask whether it includes a text. */
function isHarmless(annotation: unknown): boolean {
  if (!isNode(annotation)) return false;
  if (annotation.type === "TSTypeReference") {
    return isNode(annotation.typeName) && annotation.typeName.name === "const";
  }
  return (
    annotation.type === "TSTypeOperator" &&
    annotation.operator === "readonly" &&
    isNode(annotation.typeAnnotation) &&
    annotation.typeAnnotation.type === "TSArrayType" &&
    isNode(annotation.typeAnnotation.elementType) &&
    annotation.typeAnnotation.elementType.type === "TSStringKeyword"
  );
}

function isBarrel(body: readonly unknown[]): boolean {
  const statements = body.filter(isNode);
  const handsOn = ({ type, source }: Node) =>
    type === "ExportAllDeclaration" || (type === "ExportNamedDeclaration" && isNode(source));
  return statements.length > 0 && statements.every(handsOn);
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) visit(value);
  for (const child of Object.values(value)) walk(child, visit);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function lineCounter(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split("\n").length;
}
