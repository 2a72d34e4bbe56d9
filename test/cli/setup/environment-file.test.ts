import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentText } from "../../../src/cli/setup/environment-file.ts";

/** What a secret may be made of: anything but white space, and not all three quotes at once. */
const secret = fc
  .array(fc.constantFrom(..."aZ09.~:/@%+,=?&;*{}()|^!-_<>$\\#[]'", "$(id)", ";exit", "~root", ":~"), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(""));

test("whatever is in a secret, Node and a shell read it from the file as it is, and the shell does nothing else", () => {
  fc.assert(
    fc.property(secret, (value) => {
      const text = environmentText({ SLACK_SIGNING_SECRET: value });
      expect(parseEnv(text).SLACK_SIGNING_SECRET).toBe(value);
      // A shell has no quotes that leave everything else as it is around an apostrophe.
      if (value.includes("'")) return;
      const { stdout, stderr, status } = spawnSync(
        "sh",
        ["-c", `${text}\nprintf %s "$SLACK_SIGNING_SECRET"`],
        {
          encoding: "utf8",
          env: { PATH: process.env.PATH ?? "", HOME: "elsewhere" },
        },
      );
      expect({ stdout, stderr, status }).toEqual({ stdout: value, stderr: "", status: 0 });
    }),
    { numRuns: 150 },
  );
});
