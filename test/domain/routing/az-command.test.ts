import { expect, test } from "vitest";
import { azCommandForChange, azCommandToRemoveSetting } from "../../../src/domain/routing/az-command.ts";
import { sampleSite } from "../../support/observations.ts";

test("the command names the site by its id and sets exactly the changes", () => {
  const site = sampleSite("shop-web/staging");
  expect(azCommandForChange(site, { allTraffic: false, applicationTraffic: true })).toBe(
    `az resource update --ids ${site.target.resourceId} --api-version 2025-05-01 --set properties.outboundVnetRouting.allTraffic=false properties.outboundVnetRouting.applicationTraffic=true`,
  );
});

test("old clouds have other property names", () => {
  const site = sampleSite("shop-web", {
    generation: "legacy",
    apiVersion: "2023-12-01",
    flags: { imagePullTraffic: false },
  });
  expect(azCommandForChange(site, { imagePullTraffic: true })).toMatch(
    /--api-version 2023-12-01 --set properties.vnetImagePullEnabled=true$/,
  );
});

test("names that a shell would read are quoted", () => {
  const site = sampleSite("shop-web/staging", { place: { resourceGroup: "rg (old)" } });
  expect(azCommandForChange(site, { allTraffic: true })).toContain("--ids '/subscriptions/");
  expect(azCommandToRemoveSetting(site, "WEBSITE_CONTENTOVERVNET")).toBe(
    "az webapp config appsettings delete --resource-group 'rg (old)' --name shop-web --slot staging --setting-names WEBSITE_CONTENTOVERVNET",
  );
});
