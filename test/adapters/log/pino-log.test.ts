import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createPinoLog, type LogSettings } from "../../../src/adapters/log/pino-log.ts";

const lineSchema = z.looseObject({ level: z.string(), time: z.iso.datetime(), event: z.string() });

function recorded(settings: Partial<LogSettings> = {}) {
  const written: string[] = [];
  const stream = { write: (line: string) => void written.push(line) };
  const log = createPinoLog({ level: "debug", secrets: [], ...settings, stream });
  return { log, written, lines: () => written.map((line) => lineSchema.parse(JSON.parse(line))) };
}

describe("a line", () => {
  test("is one JSON object with level, time, event and fields", () => {
    const { log, written, lines } = recorded();
    log.info("plan-made", { request: "CR-1", sites: 2, noOp: false, names: ["shop-web", "shop-api"] });
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(lines()).toEqual([
      {
        level: "info",
        time: expect.any(String),
        event: "plan-made",
        request: "CR-1",
        sites: 2,
        noOp: false,
        names: ["shop-web", "shop-api"],
      },
    ]);
  });

  test("stays one line that a terminal obeys nothing in, whatever people typed, and says the same", () => {
    const typed = fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.toWellFormed());
    const evil = fc
      .constantFrom("\n", "\r\n", "\u001b[2J", "\u009b31m", "\u202e", "\u2028", "\u007f", '","level":"fatal')
      .map((text) => `app-x${text}y`);
    fc.assert(
      fc.property(fc.oneof(typed, evil), (text) => {
        const { log, written, lines } = recorded();
        log.warn("told", { text });
        log.error("failed", new Error(text));
        expect(written).toHaveLength(2);
        for (const line of written) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
          expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        }
        expect(lines()).toMatchObject([{ text }, { error: { message: text } }]);
      }),
    );
  });

  test("carries the fields of the log that it was written with", () => {
    const { log, lines } = recorded();
    log.with({ request: "CR-1" }).with({ site: "shop-web" }).warn("busy", { site: "shop-api" });
    log.debug("other");
    expect(lines()).toMatchObject([{ request: "CR-1", site: "shop-api" }, { event: "other" }]);
    expect(lines()[1]).not.toHaveProperty("request");
  });

  test("is left out below the level", () => {
    const { log, lines } = recorded({ level: "warn" });
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d", new Error("broken"));
    expect(lines().map(({ event }) => event)).toEqual(["c", "d"]);
  });

  test("tells an error with its stack and causes, however deep or circular", () => {
    const { log, lines } = recorded();
    const root = Object.assign(new Error("root"), { code: "ECONNRESET" });
    const error = new TypeError("outer", { cause: root });
    root.cause = error;
    log.error("failed", error);
    expect(lines()[0]).toMatchObject({
      error: {
        name: "TypeError",
        message: "outer",
        stack: expect.stringContaining("pino-log.test"),
        cause: { message: "root", code: "ECONNRESET" },
      },
    });
    log.error("failed", "a string was thrown");
    expect(lines()[1]).toMatchObject({ error: { message: "a string was thrown" } });
  });

  test("is not broken by what people type, and its own names are not overwritten", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: "binary" })), (fields) => {
        const { log, written, lines } = recorded();
        log.info("typed", { ...fields, event: "forged", level: "error" });
        expect(written).toHaveLength(1);
        expect(written[0]?.indexOf("\n")).toBe((written[0]?.length ?? 0) - 1);
        expect(lines()[0]).toMatchObject({ level: "info", event: "typed", event_: "forged" });
      }),
    );
  });
});

describe("a secret", () => {
  test.each([
    ["by the name of its field", { clientSecret: "s3cr3t-value" }, "s3cr3t-value"],
    ["in a list", { authorizationHeaders: ["s3cr3t-value"] }, "s3cr3t-value"],
    ["as a bearer token", { detail: "sent Authorization: Bearer abcdef0123456789" }, "abcdef0123456789"],
    [
      "as a JSON Web Token",
      { detail: "got eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl back" },
      "eyJzdWIi",
    ],
    ["as a Slack token", { detail: "xoxb-1234567890-abcdef is bad" }, "1234567890-abcdef"],
    ["in an address", { detail: "postgres://bot:s3cr3t-value@db/x" }, "s3cr3t-value"],
    ["in a token request", { detail: "grant_type=x&client_secret=s3cr3t-value&scope=y" }, "s3cr3t-value"],
  ])("is masked %s", (_, fields, secret) => {
    const { log, written } = recorded();
    log.info("request", fields);
    log.with(fields).info("request");
    expect(written.join()).not.toContain(secret);
    expect(written.join()).toContain("[redacted]");
  });

  test("of this deployment is masked wherever it turns up: fields, errors, causes", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }).map((text) => `${text}#9zQ`),
        (secret) => {
          const { log, written } = recorded({ secrets: [secret] });
          log.info("a", { detail: `it was ${secret}!` });
          log.with({ bound: secret }).warn("b");
          log.error("c", new Error(`failed with ${secret}`, { cause: new Error(secret) }));
          log.error("d", secret);
          const said = written.join("");
          expect(said).not.toContain(secret);
          expect(said).not.toContain(JSON.stringify(secret).slice(1, -1));
        },
      ),
    );
  });

  test("hides nothing that only sounds like one: numbers, and the text around it", () => {
    const { log, lines } = recorded({ secrets: ["", "abc"] });
    log.info("token-renewed", { tokenExpiresInMs: 3_000, site: "abcdef" });
    expect(lines()[0]).toMatchObject({ event: "token-renewed", tokenExpiresInMs: 3_000, site: "abcdef" });
  });
});
