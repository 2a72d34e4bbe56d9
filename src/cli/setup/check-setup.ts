import { execFile } from "node:child_process";
import { z } from "zod";
import { variables } from "../../config/environment.ts";
import type { Finding } from "../doctor/finding.ts";
import type { SignIn } from "./ask-azure.ts";
import type { EnvironmentFile } from "./ask-variable.ts";

/** `unchecked`: it could not be tried from here, and why. */
export type Checked = { readonly check: string } & (
  | Finding
  | { readonly result: "unchecked"; readonly text: string }
);

type Setup = {
  readonly folder: string;
  readonly values: EnvironmentFile;
  readonly place: "host" | "container";
  readonly signIn: SignIn;
};

const report = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      result: z.enum(["ok", "warning", "problem"]),
      text: z.string(),
      todo: z.string().default(""),
    }),
  ),
});

/**
 * What `routebot doctor` says about the files that were written. It runs as a process of its own, with their variables and none of
 * ours, as the bot will.
 * @param doctor the program and the words that run the doctor
 * @throws one sentence when the doctor itself ended without a report
 */
export async function checkSetup(
  setup: Setup,
  doctor: readonly [string, ...string[]],
): Promise<readonly Checked[]> {
  const ours = new Set(variables.map(({ name }) => name));
  const inherited = Object.entries(process.env).filter(([name]) => !ours.has(name));
  const [program, ...words] = doctor;
  const output = await new Promise<string>((resolve) => {
    const options = {
      cwd: setup.folder,
      env: { ...Object.fromEntries(inherited), ...setup.values },
      maxBuffer: 16 * 1024 * 1024,
    };
    execFile(program, words, options, (_error, stdout) => resolve(stdout));
  });
  const read = report.safeParse(parsed(output)).data;
  if (read === undefined) throw new Error("The doctor ended without a report; run it by hand to see why.");
  return read.findings.map((finding) => fromHere(finding, setup));
}

/** A container's folders are not this machine's, and a managed identity is not to be had everywhere: what is found here proves nothing. */
function fromHere(
  finding: z.output<typeof report>["findings"][number],
  { place, signIn, values }: Setup,
): Checked {
  const { check, result, text } = finding;
  const uncheckedBecause = (why: string): Checked => ({ check, result: "unchecked", text: why });
  if (check === "store" && place === "container" && values.DATABASE_URL === undefined) {
    return uncheckedBecause("the folder is one of the container");
  }
  if (result === "ok") return { check, result, text };
  if (signIn === "managed-identity" && ["Azure", "clock", "rights"].includes(check)) {
    return uncheckedBecause("needs the managed identity, which this machine does not give");
  }
  if (check === "Teams" && values.TEAMS_APP_TYPE === "UserAssignedMSI" && /sign in/.test(text)) {
    return uncheckedBecause("needs the managed identity, which this machine does not give");
  }
  return { check, result, text, todo: finding.todo };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
