import { existsSync } from "node:fs";
import {
  type BicepFile,
  isInterpolated,
  type Node,
  named,
  propertiesOf,
  readBicep,
  stringOf,
} from "./bicep-file.ts";
import type { ObjectShape, Properties, ResourceShape, Schema } from "./schema.ts";

/** Bicep's functions that infra/ may use, with what they return. */
const functions: Readonly<Record<string, string>> = {
  concat: "array",
  guid: "string",
  resourceGroup: "object",
  split: "array",
  subscription: "object",
  subscriptionResourceId: "string",
  take: "any",
  tenant: "object",
  tenantResourceId: "string",
  union: "object",
  uniqueString: "string",
  uriComponent: "string",
};

/** What is known of a value without deploying it: its kind, and which string if it is a literal. */
type Value = { readonly kind: string; readonly literal?: string };
const unknownValue: Value = { kind: "any" };

/** Keys of a declaration that are Bicep's own and no property of the resource. */
const ownKeys = ["parent", "scope", "dependsOn", "assertions"];

/** What is wrong with a Bicep file: `file:line what`, empty when nothing was found. It is no compiler: see docs/install.md. */
export function problemsOf(file: BicepFile, schema: Schema): readonly string[] {
  const problems: string[] = [];
  const report = (node: Node, what: string) =>
    problems.push(`${file.path}:${node.startPosition.row + 1} ${what}`);

  checkSyntax(file.root);
  checkNames(file.root, new Map());
  for (const { type, body, nested } of file.resources.values()) {
    const shape = schema[type];
    if (shape === undefined) report(body, `${type} is no known type, or of another api-version`);
    else checkObject(body, shape.body, { shape, partial: false, nested });
  }
  for (const { name, file: path, body } of file.modules.values()) checkModule(name, path, body);
  for (const node of descendants(file.root, "output_declaration")) {
    const [name, type, value] = named(node);
    if (value && type) expectKind(value, kindOfType(type.text), `the output ${name?.text}`);
  }
  return problems;

  function checkSyntax(node: Node): void {
    if (node.isError || node.isMissing) report(node, `is no Bicep: ${node.text.slice(0, 60)}`);
    for (const child of node.children) if (child) checkSyntax(child);
  }

  /** Every name that is used is declared, and every path through a resource or module leads somewhere. */
  function checkNames(node: Node, loop: ReadonlyMap<string, Node>): void {
    let inner = loop;
    if (node.type === "for_statement") {
      const [name, list] = named(node);
      if (name && list) inner = new Map([...loop, [name.text, list]]);
    }
    if (node.type === "member_expression") valueAt(node, inner);
    if (node.type === "call_expression") {
      const name = named(node)[0]?.text ?? "";
      if (!isDecorator(node) && !(name in functions))
        report(node, `${name}() is no function that is known here`);
    }
    if (node.type === "identifier" && isUse(node) && !isDeclared(node.text, inner)) {
      report(node, `${node.text} is not declared`);
    }
    for (const child of named(node)) checkNames(child, inner);
  }

  function isDeclared(name: string, loop: ReadonlyMap<string, Node>): boolean {
    return (
      loop.has(name) ||
      file.parameters.has(name) ||
      file.variables.has(name) ||
      file.resources.has(name) ||
      file.modules.has(name)
    );
  }

  function checkModule(name: string, path: string, body: Node): void {
    if (!existsSync(path)) {
      report(body, `the module ${path} does not exist`);
      return;
    }
    const { parameters } = readBicep(path);
    const given = new Map(propertiesOf(propertiesOf(body).find(([key]) => key === "params")?.[1] ?? body));
    for (const [key, value] of given) {
      const parameter = parameters.get(key);
      if (parameter === undefined) {
        if (propertiesOf(body).some(([own]) => own === "params"))
          report(value, `${name} has no parameter ${key}`);
        continue;
      }
      expectKind(value, kindOfType(parameter.type), `the parameter ${key} of ${name}`);
      const { literal } = valueAt(value, new Map());
      if (literal !== undefined && parameter.allowed && !parameter.allowed.includes(literal)) {
        report(value, `${key} of ${name} may not be '${literal}'`);
      }
    }
    for (const { name: key, hasDefault } of parameters.values()) {
      if (!hasDefault && !given.has(key)) report(body, `${name} is not given its parameter ${key}`);
    }
  }

  type Where = { readonly shape: ResourceShape; readonly partial: boolean; readonly nested?: boolean };

  function checkObject(object: Node, shape: ObjectShape, where: Where): void {
    const given = propertiesOf(object);
    const known = variantOf(given, shape);
    if (known === undefined) {
      report(object, `${shape.discriminator} is none of those that Azure knows`);
      return;
    }
    for (const [key, value] of given) {
      if (where.nested !== undefined && ownKeys.includes(key)) continue;
      const written = known[key] ?? shape.others;
      if (written === undefined)
        report(value, `${key} is no property here; there are ${Object.keys(known).join(", ")}`);
      else if (written.startsWith("-")) report(value, `${key} is read-only`);
      else checkValue(value, written.replace(/^!/, ""), { ...where, partial: false, key });
    }
    if (where.partial) return;
    for (const [key, written] of Object.entries(known)) {
      if (written.startsWith("!") && !given.some(([name]) => name === key))
        report(object, `${key} is missing`);
    }
  }

  function variantOf(
    given: readonly (readonly [string, Node])[],
    shape: ObjectShape,
  ): Properties | undefined {
    if (shape.variants === undefined) return shape.properties;
    const value = given.find(([key]) => key === shape.discriminator)?.[1];
    const literal = value && valueAt(value, new Map()).literal;
    const variant = shape.variants.find(
      (properties) => properties[shape.discriminator ?? ""]?.replace(/^!/, "") === literal,
    );
    return variant && { ...shape.properties, ...variant };
  }

  function checkValue(node: Node, type: string, where: Where & { readonly key: string }): void {
    const { shape, key } = where;
    if (type === "any") return;
    if (node.type === "parenthesized_expression") {
      for (const inner of named(node)) checkValue(inner, type, where);
      return;
    }
    if (node.type === "ternary_expression") {
      for (const branch of named(node).slice(1)) checkValue(branch, type, where);
      return;
    }
    const variable = node.type === "identifier" ? file.variables.get(node.text) : undefined;
    if (variable !== undefined) {
      checkValue(variable, type, where);
      return;
    }

    const element = /^\(?(.+?)\)?\[\]$/.exec(type)?.[1];
    if (element !== undefined) {
      if (node.type !== "array") {
        expectKind(node, "array", key);
        return;
      }
      for (const item of named(node)) checkValue(item, element, where);
      return;
    }
    const object = shape.objects[type];
    if (object !== undefined) {
      if (node.type === "object") {
        checkObject(node, object, { shape, partial: where.partial });
        return;
      }
      if (node.type === "call_expression" && named(node)[0]?.text === "union") {
        for (const part of named(named(node)[1] ?? node)) checkValue(part, type, { ...where, partial: true });
        return;
      }
      expectKind(node, "object", key);
      return;
    }
    const { kind, literal } = valueAt(node, new Map());
    const choices = type.split(" | ");
    const literals = choices.filter(
      (choice) => !["string", "int", "bool", "object", "array"].includes(choice),
    );
    // Azure leaves many lists of values open (`A | B | string`); what infra/ says has to be on them all the same.
    if (kind === "any" || (literal !== undefined && literals.includes(literal))) return;
    if (choices.includes(kind) && (literal === undefined || literals.length === 0)) return;
    if (kind === "string" && literal === undefined && literals.length > 0) return;
    report(node, `${key} is to be ${type}, and is ${literal === undefined ? kind : `'${literal}'`}`);
  }

  function expectKind(node: Node, wanted: string, what: string): void {
    const { kind } = valueAt(node, new Map());
    if (kind !== "any" && wanted !== "any" && kind !== wanted)
      report(node, `${what} is to be ${wanted}, and is ${kind}`);
  }

  function valueAt(node: Node, loop: ReadonlyMap<string, Node>): Value {
    switch (node.type) {
      case "string":
        return isInterpolated(node) ? { kind: "string" } : { kind: "string", literal: stringOf(node) };
      case "number":
        return { kind: "int" };
      case "boolean":
        return { kind: "bool" };
      case "array":
      case "object":
        return { kind: node.type };
      case "identifier":
        return namedValue(node.text);
      case "member_expression":
        return memberValue(node, loop);
      case "call_expression":
        return { kind: functions[named(node)[0]?.text ?? ""] ?? "any" };
      case "ternary_expression": {
        const [, yes, no] = named(node).map((branch) => valueAt(branch, loop));
        return yes && yes.kind === no?.kind ? { kind: yes.kind } : unknownValue;
      }
      default:
        return unknownValue;
    }
  }

  function namedValue(name: string): Value {
    const parameter = file.parameters.get(name);
    if (parameter) return { kind: kindOfType(parameter.type) };
    const variable = file.variables.get(name);
    if (variable) return valueAt(variable, new Map());
    return file.resources.has(name) || file.modules.has(name) ? { kind: "object" } : unknownValue;
  }

  /** `site.properties.defaultHostName`, `identity.outputs.id`, `alert.key`, `server::database.name`. */
  function memberValue(node: Node, loop: ReadonlyMap<string, Node>): Value {
    const [from, property] = named(node);
    const path = node.text.replaceAll(/[!?]/g, "").split(/\./);
    if (from === undefined || property === undefined || path.some((part) => !/^[\w:]+$/.test(part)))
      return unknownValue;
    const [start = "", ...keys] = path;

    const list = loop.get(start);
    const items = list?.type === "identifier" ? file.variables.get(list.text) : list;
    if (items?.type === "array") {
      const missing = named(items).some((item) => !propertiesOf(item).some(([key]) => key === keys[0]));
      if (missing) report(node, `not every element of ${list?.text ?? "the list"} has ${keys[0]}`);
      return unknownValue;
    }
    const module = file.modules.get(start);
    if (module) {
      const outputs = existsSync(module.file) ? readBicep(module.file).outputs : new Map<string, string>();
      if (keys[0] !== "outputs" || keys.length < 2) return unknownValue;
      const type = outputs.get(keys[1] ?? "");
      if (type === undefined) report(node, `${start} has no output ${keys[1]}`);
      return { kind: kindOfType(type ?? "any") };
    }
    const name = start.split("::").at(-1) ?? "";
    const resource = file.resources.get(name);
    if (resource === undefined && name !== start) report(node, `${start} does not exist`);
    return resource ? resourceValue(node, schema[resource.type], keys) : unknownValue;
  }

  function resourceValue(node: Node, shape: ResourceShape | undefined, keys: readonly string[]): Value {
    let object: ObjectShape | undefined = shape?.body;
    for (const [index, key] of keys.entries()) {
      if (object === undefined || shape === undefined || object.variants !== undefined) return unknownValue;
      const written: string | undefined = object.properties[key] ?? object.others;
      if (written === undefined) {
        report(node, `there is no ${keys.slice(0, index + 1).join(".")}`);
        return unknownValue;
      }
      const type: string = written.replace(/^[!-]/, "");
      if (index === keys.length - 1) return { kind: shape.objects[type] ? "object" : kindOfType(type) };
      object = shape.objects[type];
    }
    return unknownValue;
  }
}

function kindOfType(type: string): string {
  if (type.endsWith("[]")) return "array";
  return ["string", "int", "bool", "object", "array"].includes(type) ? type : "any";
}

/** Whether an identifier stands for a value: not a key, not what is being declared, not the name of a function. */
function isUse(node: Node): boolean {
  const { parent } = node;
  if (parent === null) return false;
  const isFirst = named(parent)[0]?.id === node.id;
  switch (parent.type) {
    case "object_property":
    case "call_expression":
    case "for_statement":
    case "parameter_declaration":
    case "variable_declaration":
    case "output_declaration":
    case "resource_declaration":
    case "module_declaration":
      return !isFirst;
    case "resource_expression":
      return isFirst;
    case "target_scope_assignment":
    case "assignment":
      return false;
    default:
      return true;
  }
}

function isDecorator(node: Node): boolean {
  return node.parent?.type === "decorator";
}

function descendants(node: Node, type: string): readonly Node[] {
  return node.descendantsOfType(type).filter((found): found is Node => found !== null);
}
