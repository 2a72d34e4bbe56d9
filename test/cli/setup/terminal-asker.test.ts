import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Cancelled } from "../../../src/cli/setup/asker.ts";
import { runSetup } from "../../../src/cli/setup/run-setup.ts";
import { ids } from "../../config/complete-environment.ts";

const [enter, down, leave] = ["\r", "\u001b[B", "\u0003"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-terminal-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A person at a terminal: waits until a text is shown that was not there at the last answer, and presses keys. */
function person() {
  let shown = "";
  let seen = 0;
  let look = () => {};
  const output = new Writable({
    write(chunk, _encoding, done) {
      shown += String(chunk);
      look();
      done();
    },
  });
  const input = new PassThrough();
  const sees = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        const at = shown.indexOf(text, seen);
        if (at < 0) return;
        seen = at + text.length;
        look = () => {};
        resolve();
      };
      look();
    });
  return {
    streams: { input, output },
    shown: () => shown,
    async answers(text: string, keys: string) {
      await sees(text);
      input.write(keys);
    },
    sees,
  };
}

const setup = (streams: ReturnType<typeof person>["streams"]) =>
  runSetup({
    folder,
    overwrite: false,
    check: false,
    environment: {},
    streams,
    doctor: ["false"],
    routebot: "routebot",
  });

test("somebody who answers the questions gets the files; a wrong answer is told at once, a secret is never shown", async () => {
  const { streams, answers, shown, sees } = person();
  const done = setup(streams);
  await answers("Where it will run", enter);
  await answers("Where people write to it", `${down}${down}${enter}`);
  await answers("How Routebot signs in to Azure", `${down}${down}${enter}`);
  await answers("Subscriptions whose sites it works on", `production${enter}`);
  await answers("That is not a GUID", `${"\u007f".repeat(10)}${ids.subscription}${enter}`);
  await answers("How Slack and the bot reach each other", `${down}${enter}`);
  await answers("Bot token of the installed app", `hunter2-hunter2${enter}`);
  await answers("That is not a bot token", `xoxb-hunter2-hunter2${enter}`);
  await answers("App-level token", `xapp-hunter3-hunter3${enter}`);
  await answers("Workspaces whose messages are taken", `T0CONTOSO${enter}`);
  await answers("Where it keeps requests", enter);
  await answers("Folder for it", enter);
  await answers("File that signed heads", enter);
  await answers("Name of a person", `Ana Alvarez${enter}`);
  await answers("Short id of Ana Alvarez", enter);
  await answers("Slack member id of Ana Alvarez", `U0ANA${enter}`);
  await answers("What Ana Alvarez may do", enter);
  await answers("Another person?", `y`);
  await answers("Name of a person", `Ben Becker${enter}`);
  await answers("Short id of Ben Becker", enter);
  await answers("Slack member id of Ben Becker", `U0BEN${enter}`);
  await answers("What Ben Becker may do", `${down}${enter}`);
  await answers("Another person?", `n`);
  await answers("Resource groups whose sites", `rg-shop${enter}`);
  await answers("May everybody", enter);
  await answers("How many of the approvers", enter);
  await answers("May the approvers also stop", enter);
  await sees("Write help to it.");
  expect(await done).toEqual({ kind: "written", problems: 0 });
  expect(shown()).not.toMatch(/hunter/);
  expect(await readFile(join(folder, ".env"), "utf8")).toContain("SLACK_BOT_TOKEN=xoxb-hunter2-hunter2\n");
  const policy = await readFile(join(folder, "routebot.yaml"), "utf8");
  expect(policy).toContain("request: [ana]");
  expect(policy).toContain("approve: [ana, ben]");
});

test("whoever leaves in the middle leaves nothing behind", async () => {
  const { streams, answers } = person();
  const done = setup(streams);
  await answers("Where it will run", leave);
  await expect(done).rejects.toThrow(Cancelled);
  await expect(readFile(join(folder, ".env"), "utf8")).rejects.toThrow();
});
