import { expect, test } from "vitest";
import { probeUrl } from "../../src/domain/probe-url.ts";
import { sampleSite } from "../support/observations.ts";

const site = { ...sampleSite("app-x"), hostNames: ["shop.example", "app-x.azurewebsites.net"] };

test.each([
  ["/health", "https://app-x.azurewebsites.net/health"],
  ["/health?full=1", "https://app-x.azurewebsites.net/health?full=1"],
  ["https://shop.example/health", "https://shop.example/health"],
  ["https://SHOP.example/", "https://shop.example/"],
])("%s is asked as %s", (probe, url) => {
  expect(probeUrl(probe, site)).toBe(url);
});

test.each([
  "https://other.example/",
  "http://shop.example/",
  "https://shop.example:8443/",
  "https://user:secret@shop.example/",
  "https://shop.example@other.example/",
  "https://shop.example.other.example/",
  "//other.example/health",
  "\\\\other.example\\health",
  "https://169.254.169.254/metadata",
  "file:///etc/passwd",
  "https://",
])("%s is never asked", (probe) => {
  expect(probeUrl(probe, site)).toBeUndefined();
});

test("a site without a host name has no probe", () => {
  const { defaultHostName: _, ...target } = site.target;
  expect(probeUrl("/health", { ...site, target, hostNames: [] })).toBeUndefined();
});
