import { readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { type PersonId, people } from "../../src/playground/people.ts";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

/** Fresh sign-ins over the real endpoints: the bot's pages, the local Entra ID's sign-in page, keys and tokens. */

let playground: Playground;
let authority: Buffer;
beforeAll(async () => {
  playground = await Playground.start();
  authority = await readFile(join(playground.data, "azure", "ca.pem"));
});
afterAll(() => playground?.stop());

async function askForSignIns(): Promise<void> {
  const file = join(playground.data, "policy.yaml");
  const policy = z
    .looseObject({ rules: z.array(z.looseObject({})) })
    .parse(parse(await readFile(file, "utf8")));
  const rules = policy.rules.map(({ breakGlass: _, ...rule }) => ({ ...rule, name: "signed", stepUp: true }));
  await writeFile(file, stringify({ ...policy, rules }));
  const answer = async () =>
    (await playground.ask(teamsChannel, "robin", "who can approve changes for app-x?", "can be approved by"))
      .plainText;
  await expect.poll(answer, { timeout: 20_000, interval: 500 }).toContain('"signed"');
}

/** The bot behind no proxy that would end TLS: its pages are asked for over http. */
const page = (url: string, cookie = "") =>
  fetch(url.replace("https:", "http:"), { redirect: "manual", headers: { cookie } });

/** Where the sign-in page sends somebody who picked their account. */
function signInPage(url: string, as: PersonId, ago: number): Promise<string> {
  const chosen = new URL(url);
  chosen.searchParams.set("as", people[as].teams.aadObjectId);
  chosen.searchParams.set("ago", String(ago));
  return new Promise((resolve, reject) => {
    get(chosen, { ca: authority }, (response) => {
      response.resume();
      resolve(response.headers.location ?? `no redirect, status ${response.statusCode}`);
    }).on("error", reject);
  });
}

/** Opens the link and signs in; the address and the cookie of the way back. */
async function signIn(link: string, as: PersonId, ago = 0) {
  const started = await page(link);
  expect(started.status).toBe(303);
  const setCookie = started.headers.get("set-cookie") ?? "";
  expect(setCookie).toMatch(/^__Host-[\w-]+=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax/);
  const to = started.headers.get("location") ?? "";
  const asked = new URL(to).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    prompt: "login",
    max_age: "300",
    code_challenge_method: "S256",
  });
  const back = await signInPage(to, as, ago);
  return { back, cookie: setCookie.split(";")[0] ?? "" };
}

async function outcome(response: Response) {
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  const text = await response.text();
  expect(text).not.toContain("<script");
  return { status: response.status, text };
}

function linkIn(shown: unknown): string {
  const link = /https:\/\/127\.0\.0\.1:\d+\/step-up\/start\?id=[\w-]+/.exec(JSON.stringify(shown))?.[0];
  if (link === undefined) throw new Error(`no link in ${JSON.stringify(shown)}`);
  return link;
}

test("an approval in Teams counts after a fresh sign-in, and after nothing less", async () => {
  await askForSignIns();
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "turn on image pull for app-x",
    "Waiting for approval",
  );
  const { reply } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  const link = linkIn(reply);
  await playground.sees(teamsChannel, "robin", {
    id: card.id,
    contains: "Ana Alvarez's approval waits for their sign-in",
  });

  const wrong = await signIn(link, "ben");
  expect(await outcome(await page(wrong.back, wrong.cookie))).toMatchObject({
    status: 403,
    text: expect.stringContaining("is not one of Ana Alvarez&#39;s"),
  });
  const old = await signIn(link, "ana", 3600);
  expect(await outcome(await page(old.back, old.cookie))).toMatchObject({
    status: 403,
    text: expect.stringContaining("more than 5 minutes old"),
  });
  const elsewhere = await signIn(link, "ana");
  expect((await page(elsewhere.back)).status).toBe(403);
  expect((await playground.message("robin", card.id)).plainText).toContain("Waiting for approval");

  const right = await signIn(link, "ana");
  const { seq } = await playground.world("robin");
  expect(await outcome(await page(right.back, right.cookie))).toMatchObject({
    status: 200,
    text: expect.stringContaining("Ana Alvarez approved CR-"),
  });
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
  expect((await playground.routing("app-x")).imagePullTraffic).toBe(true);
  expect((await outcome(await page(right.back, right.cookie))).status).toBe(403);
  expect((await page(link)).status).toBe(403);

  const log = await readFile(join(playground.data, "bot.log"), "utf8");
  expect(log).not.toMatch(/eyJ[\w-]+\.eyJ/);
  expect(log).not.toContain(new URL(right.back).searchParams.get("code") ?? "no code");
});

test("in Slack the link is told to the approver alone", async () => {
  const card = await playground.ask(
    slackChannel,
    "robin",
    "turn on backup for app-y",
    "Waiting for approval",
  );
  const { seq } = await playground.click(slackChannel, "ben", { on: card, action: "Approve" });
  const told = await playground.sees(slackChannel, "ben", { after: seq, contains: "signed in again" });
  expect(told.ephemeral).toBe(true);
  expect(JSON.stringify((await playground.world("robin")).messages)).not.toContain("step-up/start");
  const link = linkIn(told);
  const { back, cookie } = await signIn(link, "ben");
  expect((await outcome(await page(back, cookie))).status).toBe(200);
  await playground.sees(slackChannel, "robin", { after: seq, contains: ": confirmed" });
});
