/**
 * Writes test/infra/schema/from-azure.json: the shapes of the Azure resource types that infra/ uses, from Microsoft's own tool
 * for Bicep types, which works without a network. The tool is large (the npm package `@azure/mcp-linux-x64`, 2.0.5) and only
 * needed when a type is added, so it is no dependency:
 *
 *     npm install --prefix ../azmcp --ignore-scripts @azure/mcp-linux-x64@2.0.5
 *     node scripts/make-infra-schema.ts ../azmcp/node_modules/@azure/mcp-linux-x64/dist/azmcp
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ObjectShape, ResourceShape, Schema } from "../test/infra/schema.ts";

const resourceTypes = [
  "Microsoft.Authorization/roleAssignments",
  "Microsoft.Authorization/roleDefinitions",
  "Microsoft.BotService/botServices",
  "Microsoft.BotService/botServices/channels",
  "Microsoft.Insights/components",
  "Microsoft.KeyVault/vaults",
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  "Microsoft.Network/virtualNetworks",
  "Microsoft.OperationalInsights/workspaces",
  "Microsoft.Resources/resourceGroups",
  "Microsoft.Web/serverfarms",
  "Microsoft.Web/sites",
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
  "Microsoft.Web/sites/config",
  "Microsoft.Web/sites/slots",
  "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies",
  "Microsoft.Web/sites/slots/config",
];

const property = z.object({ name: z.string(), type: z.string(), flags: z.string().optional() });
const object = z.object({
  $type: z.literal("Object"),
  name: z.string(),
  properties: z.array(property),
  additionalPropertiesType: z.string().nullish(),
});
const union = z.object({
  $type: z.literal("DiscriminatedObject"),
  name: z.string(),
  discriminator: z.string(),
  baseProperties: z.array(property),
  elements: z.array(object),
});
const resource = z.object({
  $type: z.literal("Resource"),
  name: z.string(),
  bodyType: z.discriminatedUnion("$type", [object, union]),
});
const answer = z.object({
  results: z.object({
    BicepSchemaResult: z.array(
      z.discriminatedUnion("$type", [
        resource,
        object,
        union,
        z.object({ $type: z.literal("ResourceInstanceFunction") }),
      ]),
    ),
  }),
});

const [tool] = process.argv.slice(2);
if (tool === undefined) throw new Error("Say where azmcp is; the head of this file tells how to get it.");

const schema: Schema = {};
for (const type of resourceTypes) Object.assign(schema, shapesOf(type, tool));
const file = fileURLToPath(new URL("../test/infra/schema/from-azure.json", import.meta.url));
writeFileSync(file, `${JSON.stringify(schema)}\n`);
console.error(`${file}: ${Object.keys(schema).length} resource types`);

function shapesOf(type: string, azmcp: string): Schema {
  const output = execFileSync(azmcp, ["bicepschema", "get", "--resource-type", type], {
    encoding: "utf8",
    env: { AZURE_MCP_COLLECT_TELEMETRY: "false", DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  const found = answer.parse(JSON.parse(output)).results.BicepSchemaResult;
  const objects = new Map(
    found.flatMap((item) =>
      item.$type === "Object" || item.$type === "DiscriminatedObject"
        ? [[item.name, shapeOf(item)] as const]
        : [],
    ),
  );
  const wanted = found.find((item) => item.$type === "Resource" && item.name.split("@")[0] === type);
  if (wanted?.$type !== "Resource") throw new Error(`azmcp does not know ${type}`);
  const body = shapeOf(wanted.bodyType);
  const shape: ResourceShape = { body, objects: reachableFrom(body, objects) };
  return { [wanted.name]: shape };
}

function shapeOf(item: z.output<typeof object> | z.output<typeof union>): ObjectShape {
  if (item.$type === "Object") {
    return {
      properties: propertiesOf(item.properties),
      ...(typeof item.additionalPropertiesType === "string" && { others: item.additionalPropertiesType }),
    };
  }
  return {
    properties: propertiesOf(item.baseProperties),
    discriminator: item.discriminator,
    variants: item.elements.map(({ properties }) => propertiesOf(properties)),
  };
}

function propertiesOf(properties: readonly z.output<typeof property>[]) {
  return Object.fromEntries(
    properties.map(({ name, type, flags = "" }) => {
      const mark = flags.includes("Required") ? "!" : flags.includes("ReadOnly") ? "-" : "";
      return [name, `${mark}${type}`];
    }),
  );
}

function reachableFrom(body: ObjectShape, objects: ReadonlyMap<string, ObjectShape>) {
  const reached: Record<string, ObjectShape> = {};
  const queue = [body];
  for (const shape of queue) {
    const written = [shape.properties, ...(shape.variants ?? [])].flatMap((properties) =>
      Object.values(properties),
    );
    for (const word of [...written, shape.others ?? ""].join(" ").match(/\w+/g) ?? []) {
      const next = objects.get(word);
      if (next === undefined || word in reached) continue;
      reached[word] = next;
      queue.push(next);
    }
  }
  return reached;
}
