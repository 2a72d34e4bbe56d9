import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { needs } from "../../src/adapters/azure/rights.ts";
import { environmentSchema, variables } from "../../src/config/environment.ts";
import { sourceFiles } from "../repository/source-files.ts";
import { type BicepFile, type Node, named, propertiesOf, readBicep, stringOf } from "./bicep-file.ts";
import { problemsOf } from "./check-bicep.ts";
import { readSchema } from "./schema.ts";

const infra = fileURLToPath(new URL("../../infra/", import.meta.url));
const schema = readSchema();
const paths = ["main.bicep", ...readdirSync(`${infra}modules`).map((name) => `modules/${name}`)];
const files = new Map(paths.map((path) => [path, readBicep(`${infra}${path}`)] as const));

function file(path: string): BicepFile {
  const found = files.get(path);
  if (found === undefined) throw new Error(`there is no infra/${path}`);
  return found;
}

describe("infra/ against Azure's resource types", () => {
  test.each(paths)("%s", (path) => {
    expect(problemsOf(file(path), schema)).toEqual([]);
  });

  test("every module is used", () => {
    const used = [...file("main.bicep").modules.values()].map((module) => module.file);
    expect(new Set(used)).toEqual(new Set(paths.slice(1).map((path) => `${infra}${path}`)));
  });
});

/** Faults that people make, each in one place: the checker has to find every one of them. */
const faults: readonly (readonly [path: string, from: string, to: string])[] = [
  ["modules/site.bicep", "httpsOnly: true", "httpOnly: true"],
  ["modules/site.bicep", "httpsOnly: true", "httpsOnly: 'yes'"],
  ["modules/site.bicep", "minTlsVersion: '1.2'", "minTlsVersion: '1.4'"],
  ["modules/site.bicep", "ftpsState: 'Disabled'", "ftpsState: 'Off'"],
  ["modules/site.bicep", "applicationTraffic: true", "applicationTrafic: true"],
  ["modules/site.bicep", "applicationTraffic: true", "applicationTraffic: 'true'"],
  ["modules/site.bicep", "Microsoft.Web/sites@2024-11-01", "Microsoft.Web/sites@2024-11-31"],
  ["modules/site.bicep", "Microsoft.Web/serverfarms@", "Microsoft.Web/serverFarm@"],
  ["modules/site.bicep", "name: 'appsettings'", "name: 'appSettings'"],
  ["modules/site.bicep", "capacity: 2", "capacity: '2'"],
  ["modules/site.bicep", "plan.id", "plans.id"],
  ["modules/site.bicep", "site.properties.defaultHostName", "site.properties.defaultHost"],
  ["modules/site.bicep", "location: location", "// location: location"],
  ["modules/site.bicep", "allow: false", "allow: 'false'"],
  ["modules/site.bicep", "type: 'UserAssigned'", "type: 'UserAssignedIdentity'"],
  ["modules/bot.bicep", "kind: 'azurebot'", "kind: true"],
  ["modules/bot.bicep", "channelName: 'MsTeamsChannel'", "channelName: 'TeamsChannel'"],
  ["modules/bot.bicep", "msaAppId: clientId", "// msaAppId"],
  ["modules/bot.bicep", "isEnabled: true", "enabled: true"],
  ["modules/bot.bicep", "param host string", "param hostName string"],
  ["modules/database.bicep", "activeDirectoryAuth: 'Enabled'", "activeDirectoryAuth: 'On'"],
  ["modules/database.bicep", "storageSizeGB: 32", "storageSizeGB: '32'"],
  ["modules/database.bicep", "tier: 'GeneralPurpose'", ""],
  ["modules/database.bicep", "server::database.name", "server::databases.names"],
  ["modules/vault.bicep", "tenantId: tenant().tenantId", "// tenantId"],
  ["modules/vault.bicep", "properties.vaultUri", "properties.vaultUrl"],
  ["modules/network.bicep", "delegations: [{", "delegations: {"],
  ["modules/network.bicep", "addressPrefixes: ['10.60.0.0/24']", "addressPrefixes: '10.60.0.0/24'"],
  ["modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: 'true'"],
  ["modules/monitoring.bicep", "properties.ConnectionString", "properties.connectionString"],
  ["modules/alerts.bicep", "threshold: alert.threshold", "threshold: alert.limit"],
  ["modules/alerts.bicep", "actionGroupId: people.id", "actionGroup: people.id"],
  ["modules/roles.bicep", "notActions: []", "notActions: 'none'"],
  ["modules/assign-role.bicep", "principalType: 'ServicePrincipal'", "principalType: 'Service'"],
  [
    "modules/identity.bicep",
    "principalId string = identity.properties.principalId",
    "principalId int = identity.name",
  ],
  ["modules/policies.bicep", "enforcementMode: 'Default'", "enforcementMode: 'Audit'"],
  ["main.bicep", "host: site.outputs.host", "host: site.outputs.hostName"],
  [
    "main.bicep",
    "environmentName: environmentName\n    legacySettings: legacySettings",
    "environmentName: environmentName",
  ],
  ["main.bicep", "principalId: identity.outputs.principalId", "principal: identity.outputs.principalId"],
  ["main.bicep", "modules/vault.bicep", "modules/vaults.bicep"],
  ["main.bicep", "take(uniqueString(", "toke(uniqueString("],
  ["main.bicep", "tags: tags", "tags: 'none'"],
  ["main.bicep", "param location string", "param location string ="],
];

test.each(faults)("the checker finds, in %s, %j written as %j", (path, from, to) => {
  const { text } = file(path).root;
  expect(text).toContain(from);
  expect(problemsOf(readBicep(`${infra}${path}`, text.replace(from, to)), schema)).not.toEqual([]);
});

describe("what infra/ promises", () => {
  const site = file("modules/site.bicep");

  test("no secret is a parameter, and none has a value in the files", () => {
    for (const { parameters, root } of files.values()) {
      for (const name of parameters.keys())
        expect(name).not.toMatch(/secret|password|token|(?<!public)key$/i);
      expect(root.text).not.toMatch(/xox[bap]-|listKeys\(|AccountKey=/);
    }
    const handed = JSON.parse(readFileSync(`${infra}main.parameters.json`, "utf8"));
    expect(Object.keys(handed.parameters).toSorted()).toEqual(
      [...file("main.bicep").parameters.keys()].toSorted(),
    );
  });

  test("no role has a wildcard, and only the opted-in one reveals app settings", () => {
    const roles = [...file("modules/roles.bicep").resources.values()];
    expect(roles).toHaveLength(3);
    for (const { body, name } of roles) {
      const strings = body.descendantsOfType("string").map((node) => (node ? stringOf(node) : ""));
      expect(strings.filter((text) => text.includes("*"))).toEqual([]);
      if (name !== "settings")
        expect(strings.filter((text) => /config\/(list|write)/i.test(text))).toEqual([]);
    }
    expect(file("modules/roles.bicep").root.text).toContain("if (legacySettings != 'off')");
  });

  test("the sites take encrypted connections only, and no passwords", () => {
    for (const name of ["site", "staging"]) {
      const { body } = site.resources.get(name) ?? {};
      expect(body && text(body, "properties", "httpsOnly")).toBe("true");
    }
    const allowed = [...site.resources.values()].filter(({ type }) => type.includes("PublishingCredentials"));
    expect(allowed.map(({ body }) => text(body, "properties", "allow"))).toEqual(Array(4).fill("false"));
    const config = site.variables.get("siteConfig");
    expect(
      config && Object.fromEntries(propertiesOf(config).map(([key, value]) => [key, value.text])),
    ).toMatchObject({
      minTlsVersion: "'1.2'",
      scmMinTlsVersion: "'1.2'",
      ftpsState: "'Disabled'",
    });
  });

  test("the slot is the site's equal in all but one setting, which stays with it and keeps it on standby", () => {
    const [production, slot] = ["site", "staging"].map((name) => site.resources.get(name)?.body);
    for (const path of [["identity"], ["kind"], ["properties"]]) {
      expect(slot && text(slot, ...path)).toBe(production && text(production, ...path));
    }
    expect(site.root.text).toContain("properties: union(settings, { ROUTEBOT_STANDBY: '1' })");
    expect(site.root.text).toContain("properties: { appSettingNames: ['ROUTEBOT_STANDBY'] }");
  });

  test("the health path is one that the bot serves", () => {
    const path = /healthCheckPath: '([^']+)'/.exec(site.root.text)?.[1];
    const routes = readFileSync(new URL("../../src/adapters/http/health-routes.ts", import.meta.url), "utf8");
    expect(routes).toContain(`"${path}"`);
  });

  test("every app setting is one that the bot or App Service knows, and what is required is there", () => {
    const names = ["settings", "slackSettings"].flatMap((name) => {
      const value = site.variables.get(name);
      return value ? settingNames(value) : [];
    });
    const standby = site.root.text.match(/ROUTEBOT_STANDBY/g) ?? [];
    expect(standby).toHaveLength(2);
    const own = [...names, "ROUTEBOT_STANDBY"].filter(
      (name) => !/^(WEBSITE|SCM|APPLICATIONINSIGHTS)_/.test(name),
    );
    expect(own.filter((name) => !(name in environmentSchema.shape))).toEqual([]);
    expect(own.length).toBeGreaterThan(10);
    for (const { name, secret } of variables) {
      // Neither holds a secret there: the database and Application Insights take Entra identities alone.
      if (["DATABASE_URL", "APPLICATIONINSIGHTS_CONNECTION_STRING"].includes(name)) continue;
      if (secret !== true || !names.includes(name)) continue;
      const line = site.root.text.split("\n").find((each) => each.includes(`${name}:`));
      expect(line).toContain("@Microsoft.KeyVault(");
    }
    expect(site.root.text).not.toMatch(/DATABASE_URL: '[^']*:[^/@]*@/);
  });

  test("Application Insights takes traces from Entra identities alone, and the bot may send them", () => {
    const { root, resources } = file("modules/monitoring.bicep");
    const insights = resources.get("insights")?.body;
    expect(insights && text(insights, "properties", "DisableLocalAuth")).toBe("true");
    expect(root.text).toContain("3913510d-42f4-4e42-8a64-420c390055eb");
    expect(site.root.text).toContain("APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD'");
  });

  test("nothing reaches the database but from the network, and nobody with a password", () => {
    const server = file("modules/database.bicep").resources.get("server")?.body;
    expect(server && text(server, "properties", "network", "publicNetworkAccess")).toBe("'Disabled'");
    expect(server && text(server, "properties", "authConfig", "passwordAuth")).toBe("'Disabled'");
  });

  test("the policies are those of outbound routing, each once, and only audit", () => {
    const policies = file("modules/policies.bicep").root.text;
    const ids = policies.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
    expect(new Set(ids).size).toBe(8);
    expect(policies).toContain("effect: { value: 'Audit' }");
  });

  test("the alerts look for log lines that are written", () => {
    const source = sourceFiles("src")
      .map(({ text }) => text)
      .join("\n");
    const queries = file("modules/alerts.bicep").root.text;
    const events = [...queries.matchAll(/"event":"([a-z-]+)"/g)].map(([, event]) => event);
    expect(events.length).toBeGreaterThan(3);
    for (const event of events) expect(source).toMatch(new RegExp(`log\\.\\w+\\(\\s*"${event}"`));
  });

  test("the roles are those of docs/operations.md, and have what the doctor asks for", () => {
    const document = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const actionsOf = (text: string) => new Set(text.match(/Microsoft\.[A-Z]\w+(\/\w+)+/g) ?? []);
    const roles = actionsOf(
      file("modules/roles.bicep").root.text.replaceAll("Microsoft.Authorization/roleDefinitions", ""),
    );
    const [operator = ""] = /"Actions": \[[^\]]+\]/.exec(document) ?? [];
    const others = document.slice(
      document.indexOf("**2. Network reader**"),
      document.indexOf("The built-in Website Contributor"),
    );
    expect([...roles].sort()).toEqual([...new Set([...actionsOf(operator), ...actionsOf(others)])].sort());
    for (const action of needs.flatMap(({ actions }) => actions)) expect(roles).toContain(action);
  });

  test("azure.yaml points here, and the site has the tag that azd finds it by", () => {
    const azd = parse(readFileSync(new URL("../../azure.yaml", import.meta.url), "utf8"));
    expect(azd).toMatchObject({
      name: "routebot",
      infra: { provider: "bicep", path: "infra", module: "main" },
    });
    expect(site.root.text).toContain("'azd-service-name': 'bot'");
    expect(file("main.bicep").root.text).toContain("'azd-env-name': environmentName");
  });
});

function text(object: Node, ...path: readonly string[]): string | undefined {
  const [key, ...rest] = path;
  const value = propertiesOf(object).find(([name]) => name === key)?.[1];
  return value === undefined || rest.length === 0 ? value?.text : text(value, ...rest);
}

/** The keys of an object, and of those that it is made of. */
function settingNames(node: Node): readonly string[] {
  if (node.type === "object") return propertiesOf(node).map(([name]) => name);
  return named(node).flatMap(settingNames);
}
