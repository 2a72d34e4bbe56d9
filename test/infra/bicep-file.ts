import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";

const require = createRequire(import.meta.url);
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve("tree-sitter-bicep/tree-sitter-bicep.wasm")));

export type { Node };

export type Parameter = {
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
  /** The values of its `@allowed`, if it has one. */
  readonly allowed?: readonly string[];
};
/** `type` is in full, `Provider/type/child@version`; `body` is one object, whatever `if` and `for` stand around it. */
export type Resource = {
  readonly name: string;
  readonly type: string;
  readonly body: Node;
  readonly nested: boolean;
};
/** `file` is the path of the module, from where this file is. */
export type Module = {
  readonly name: string;
  readonly file: string;
  readonly body: Node;
  readonly many: boolean;
};

/** A Bicep file, as far as a checker has to know it. Its names are known before their values are looked at. */
export type BicepFile = {
  readonly path: string;
  readonly root: Node;
  readonly targetScope: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly variables: ReadonlyMap<string, Node>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly modules: ReadonlyMap<string, Module>;
  /** Name to type. */
  readonly outputs: ReadonlyMap<string, string>;
};

/** `text`: what stands in the file, if it is not to be read from the disk. */
export function readBicep(path: string, text = readFileSync(path, "utf8")): BicepFile {
  const tree = parser.parse(text);
  if (tree === null) throw new Error(`${path} could not be parsed`);
  const root = tree.rootNode;
  const file = {
    path,
    root,
    targetScope: "resourceGroup",
    parameters: new Map<string, Parameter>(),
    variables: new Map<string, Node>(),
    resources: new Map<string, Resource>(),
    modules: new Map<string, Module>(),
    outputs: new Map<string, string>(),
  };
  let allowed: readonly string[] | undefined;
  for (const node of named(root)) {
    const name = node.namedChildren.find((child) => child?.type === "identifier")?.text ?? "";
    if (node.type === "decorators") {
      allowed = allowedOf(node);
      continue;
    }
    if (node.type === "parameter_declaration") {
      const [, type, value] = named(node);
      file.parameters.set(name, {
        name,
        type: type?.text ?? "any",
        hasDefault: value !== undefined,
        ...(allowed && { allowed }),
      });
    }
    if (node.type === "variable_declaration") file.variables.set(name, lastOf(node));
    if (node.type === "output_declaration") file.outputs.set(name, named(node)[1]?.text ?? "any");
    if (node.type === "resource_declaration") addResource(node, undefined, file.resources);
    if (node.type === "module_declaration") {
      const body = lastOf(node);
      file.modules.set(name, {
        name,
        file: join(dirname(path), stringOf(named(node)[1])),
        body: objectIn(body),
        many: body.type === "array" || body.type === "for_statement",
      });
    }
    if (node.type === "target_scope_assignment" || /^targetScope\b/.test(node.text)) {
      file.targetScope = /'(\w+)'/.exec(node.text)?.[1] ?? file.targetScope;
    }
    allowed = undefined;
  }
  return file;
}

function addResource(node: Node, parent: Resource | undefined, resources: Map<string, Resource>): void {
  const [name, type] = named(node);
  const written = stringOf(type);
  const resource: Resource = {
    name: name?.text ?? "",
    type: parent === undefined ? written : `${parent.type.split("@")[0]}/${written}`,
    body: objectIn(lastOf(node)),
    nested: parent !== undefined,
  };
  resources.set(resource.name, resource);
  for (const property of named(resource.body)) {
    const [child] = named(property);
    // Two slots may each have a child of the same name; the checker looks at bodies, so a name of its own is made up.
    if (child?.type === "resource_declaration") {
      const nested = new Map<string, Resource>();
      addResource(child, resource, nested);
      for (const [key, value] of nested)
        resources.set(resources.has(key) ? `${resource.name}::${key}` : key, value);
    }
  }
}

/** Children that are part of the grammar, without comments. */
export function named(node: Node): readonly Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null && child.type !== "comment");
}

/** The key and the value of each property of an object, without nested resources. */
export function propertiesOf(object: Node): readonly (readonly [string, Node])[] {
  return named(object).flatMap((property) => {
    const [key, value] = named(property);
    if (property.type !== "object_property" || key === undefined || value === undefined) return [];
    return [[key.type === "string" ? stringOf(key) : key.text, value] as const];
  });
}

/** The text of a string without interpolation; with one, its fixed parts. */
export function stringOf(node: Node | undefined): string {
  return node === undefined
    ? ""
    : named(node)
        .filter(({ type }) => type === "string_content" || type === "escape_sequence")
        .map(({ text }) => text)
        .join("");
}

export function isInterpolated(node: Node): boolean {
  return named(node).some(({ type }) => type === "interpolation");
}

function allowedOf(decorators: Node): readonly string[] | undefined {
  const call = decorators
    .descendantsOfType("call_expression")
    .find((node) => node?.text.startsWith("allowed("));
  return call?.descendantsOfType("string").map((node) => stringOf(node ?? undefined));
}

function lastOf(node: Node): Node {
  const last = named(node).at(-1);
  if (last === undefined) throw new Error(`nothing is declared by ${node.text.slice(0, 60)}`);
  return last;
}

/** The object inside of `if (…) {…}` and `[for x in y: {…}]`. */
function objectIn(node: Node): Node {
  if (node.type === "object") return node;
  const inner = named(node).findLast(({ type }) =>
    ["object", "if_statement", "for_statement", "array"].includes(type),
  );
  if (inner === undefined) throw new Error(`no object in ${node.text.slice(0, 60)}`);
  return objectIn(inner);
}
