import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, fingerprintOf, sameState } from "../../../src/domain/change/fingerprint.ts";
import { allFlagsOff, sampleSite } from "../../support/observations.ts";

const before = sampleSite("app-x");
const wanted = { ...allFlagsOff, applicationTraffic: true };
const of = (changes: Parameters<typeof sampleSite>[1], map: Record<string, unknown> = wanted) =>
  fingerprintOf([{ before: sampleSite("app-x", changes), wanted: map, settings: [] }]);
const plain = fingerprintOf([{ before, wanted, settings: [] }]);

describe("the fingerprint of a plan", () => {
  test.each([
    ["what is sent", () => of({}, { ...wanted, imagePullTraffic: true })],
    ["a key that we do not know", () => of({}, { ...wanted, someNewTraffic: false })],
    ["where it is sent", () => fingerprintOf([{ before: sampleSite("app-y"), wanted, settings: [] }])],
    ["the slot", () => fingerprintOf([{ before: sampleSite("app-x/staging"), wanted, settings: [] }])],
    ["the stored flags", () => of({ flags: { ...allFlagsOff, contentShareTraffic: true } })],
    ["a legacy setting", () => of({ legacy: { ...before.legacy, WEBSITE_VNET_ROUTE_ALL: "on" } })],
    [
      "a legacy setting that can no longer be read",
      () => of({ legacy: { ...before.legacy, WEBSITE_CONTENTOVERVNET: "unknown" } }),
    ],
    ["the integration", () => of({ integration: { kind: "none" } })],
    [
      "an edit of a legacy setting",
      () =>
        fingerprintOf([{ before, wanted, settings: [{ setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" }] }]),
    ],
    ["the SKU", () => of({ sku: "Basic" })],
    ["the api-version", () => of({ apiVersion: "2024-11-01" })],
  ])("changes with %s", (_what, other) => {
    expect(other()).not.toBe(plain);
  });

  test("does not change with what changes nothing in Azure: time, case of the id, order of keys, tags", () => {
    expect(of({ observedAt: new Date(0), lastModified: "later", location: "x", state: "Stopped" })).toBe(
      plain,
    );
    expect(of({ place: { resourceId: before.target.resourceId.toUpperCase(), tags: { a: "b" } } })).toBe(
      plain,
    );
    expect(of({}, Object.fromEntries(Object.entries(wanted).reverse()))).toBe(plain);
  });

  test("two readings with equal fingerprints have the same state, and the other way round", () => {
    const map = fc.dictionary(fc.constantFrom("allTraffic", "applicationTraffic", "x"), fc.boolean());
    fc.assert(
      fc.property(map, map, (one, other) => {
        const a = sampleSite("app-x", { storedMap: one });
        const b = sampleSite("app-x", { storedMap: other });
        expect(sameState(a, b)).toBe(
          fingerprintOf([{ before: a, wanted, settings: [] }]) ===
            fingerprintOf([{ before: b, wanted, settings: [] }]),
        );
      }),
    );
  });

  test("canonical JSON is JSON, and the same for equal values", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
