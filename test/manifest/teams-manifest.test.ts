import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { problemsOfTeamsManifest } from "../../manifest/teams/check-manifest.ts";
import { schemaVersions, type TeamsDeployment, teamsManifest } from "../../manifest/teams/teams-manifest.ts";
import { teamsPackage } from "../../manifest/teams/teams-package.ts";
import { catalog } from "../../src/command/catalog.ts";
import { runRoutebot } from "../cli/run-routebot.ts";

const deployment: TeamsDeployment = {
  appId: "11111111-1111-4111-8111-111111111111",
  website: "https://wiki.example.com/routebot",
  developer: "Platform team",
  version: "1.2.3",
  schema: "1.25",
};

describe.each(schemaVersions)("the manifest of schema %s", (schema) => {
  const manifest = teamsManifest({ ...deployment, schema }, catalog);

  test("is valid by Microsoft's schema", () => {
    expect(problemsOfTeamsManifest(manifest, schema)).toEqual([]);
  });

  test.each([
    ["a scope in the wrong case", { bots: [{ ...manifest.bots[0], scopes: ["groupchat"] }] }],
    ["a name that is too long", { name: { short: "R".repeat(31) } }],
    ["an id that is no GUID", { id: "routebot" }],
    ["an unknown key", { colour: "blue" }],
    ["no icons", { icons: undefined }],
  ])("would not be with %s", (_what, change) => {
    const changed: unknown = JSON.parse(JSON.stringify({ ...manifest, ...change }));
    expect(problemsOfTeamsManifest(changed, schema)).not.toEqual([]);
  });
});

test("commands behind / are an option of the newest schema, and valid by it", () => {
  const made = teamsManifest({ ...deployment, schema: "1.30", slashCommands: true }, catalog);
  expect(made.bots[0]).toMatchObject({
    supportsTargetedMessages: true,
    commandLists: [{ triggers: ["mention", "slash"] }],
  });
  expect(problemsOfTeamsManifest(JSON.parse(JSON.stringify(made)), "1.30")).toEqual([]);
  const older = teamsManifest({ ...deployment, slashCommands: true }, catalog);
  expect(JSON.stringify(older)).not.toMatch(/slash|Targeted/);
});

test("the menu says what the catalogue says, one entry for each kind that cards do not offer by themselves", () => {
  const [list] = teamsManifest(deployment, catalog).bots[0].commandLists;
  const titles = list.commands.map(({ title }) => title);
  const entries = titles.map((title) => catalog.find((entry) => entry.title === title));
  expect(new Set(entries.map((entry) => entry?.kind))).toEqual(
    new Set(
      catalog.map(({ kind }) => kind).filter((kind) => !["end", "withdraw", "unfreeze"].includes(kind)),
    ),
  );
  expect(titles).toHaveLength(new Set(titles).size);
});

describe("the package", () => {
  const files = unzipSync(teamsPackage(teamsManifest(deployment, catalog)));

  test("holds the manifest and the icons that it names, and nothing else", () => {
    expect(Object.keys(files).sort()).toEqual(["color.png", "manifest.json", "outline.png"]);
    expect(JSON.parse(strFromU8(files["manifest.json"] ?? new Uint8Array()))).toMatchObject({
      id: deployment.appId,
      version: "1.2.3",
      icons: { color: "color.png", outline: "outline.png" },
    });
  });

  test.each([
    ["color.png", 192, 2],
    ["outline.png", 32, 6],
  ])("%s is a PNG of %d pixels, with transparency where Teams wants it", (name, size, colourType) => {
    const png = Buffer.from(files[name] ?? []);
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png.readUInt8(25)]).toEqual([size, size, colourType]);
  });

  test("is the same for the same deployment, byte for byte", () => {
    const again = teamsPackage(teamsManifest(deployment, catalog));
    expect(Buffer.from(again).equals(teamsPackage(teamsManifest(deployment, catalog)))).toBe(true);
  });
});

describe("routebot manifest teams", () => {
  test("says what is wrong with a value, and writes nothing", async () => {
    const { code, stderr } = await runRoutebot([
      "manifest",
      "teams",
      "--app-id",
      "me",
      "--website",
      "http://x",
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("It is not a GUID.") });
  });
});
