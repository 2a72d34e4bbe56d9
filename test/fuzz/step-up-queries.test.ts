import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpServer, type HttpServer } from "../../src/adapters/http/http-server.ts";
import { addStepUpRoutes } from "../../src/adapters/step-up/step-up-routes.ts";
import { stepUpDoor } from "../../src/flow/step-up-door.ts";
import { MemorySignIn } from "../support/fresh-sign-in.ts";
import { createRecordedLog } from "../support/recorded-log.ts";
import { type Core, startCore } from "./bot-under-fuzz.ts";
import { bytesLike, runs, timeLimitMs } from "./mutations.ts";

let core: Core;
let server: HttpServer;
let url: string;
const log = createRecordedLog();
const signIn = new MemorySignIn();
const stepUp = "0199f0c4-7a52-7c1e-8a55-1f2e3d4c5b6a";

beforeAll(async () => {
  core = await startCore();
  const { requests } = core.flow;
  const account = { platform: "teams", tenant: "tenant-1", user: "ana" } as const;
  await requests.record({
    events: [],
    owed: [],
    jobs: [],
    stepUp: {
      id: stepUp,
      request: "CR-1",
      person: { id: "ana", name: "Ana" },
      account,
      surface: "button",
      fingerprint: "f".repeat(64),
      expiresAt: new Date(Date.now() + 24 * 3_600_000),
    },
  });
  server = createHttpServer({ host: "127.0.0.1", port: 0, log });
  addStepUpRoutes(server, stepUpDoor(core.flow, signIn));
  ({ url } = await server.listen());
});
afterAll(async () => {
  await server.close();
  await core.close();
});

const asText = (bytes: Buffer) =>
  encodeURI(bytes.toString().toWellFormed()).replaceAll(/%25(?=[0-9A-F]{2})/g, "%");

async function ask(path: string, cookie: string): Promise<void> {
  const response = await fetch(`${url}${path}`, {
    redirect: "manual",
    headers: { cookie: encodeURIComponent(cookie.toWellFormed()) },
  });
  const text = await response.text();
  expect([303, 400, 403, 404, 414]).toContain(response.status);
  expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+|Error:|Approved<\/h1>$/);
  // What was sent does not come back as markup.
  expect(text.replace(/<\/?(?:html|head|meta|title|body|main|h1|p|!doctype)\b[^<>]*>/g, "")).not.toMatch(
    /[<>]/,
  );
  log.lines.length = 0;
}

test(
  "whatever a browser asks for: a refusal or the way to the directory, and nothing is approved",
  async () => {
    const valid = [
      `/step-up/start?id=${stepUp}`,
      "/step-up/callback?code=abc&state=state-1",
      "/step-up/callback?error=access_denied&error_description=<script>alert(1)</script>&state=state-1",
      "/step-up/start?id=%00",
    ];
    await fc.assert(
      fc.asyncProperty(
        bytesLike(valid.map((path) => path.split("?")[1] ?? "")),
        fc.boolean(),
        fc.string({ unit: "binary" }),
        (query, start, cookie) =>
          ask(`/step-up/${start ? "start" : "callback"}?${asText(query).replaceAll("#", "%23")}`, cookie),
      ),
      runs(150),
    );
    for (const path of valid) await ask(path, "");
    expect(await core.isUntouched()).toBe(true);
  },
  timeLimitMs,
);
