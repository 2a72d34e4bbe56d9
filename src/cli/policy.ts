import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { policyContext } from "../config/load-config.ts";
import type { PolicyContext } from "../config/policy-context.ts";
import { policyJsonSchema } from "../config/policy-json-schema.ts";
import { readEnvironment } from "../config/read-environment.ts";
import { checkPolicyText, contextFor, type Report } from "./policy/check-policy-text.ts";
import { explainOffline } from "./policy/explain-offline.ts";

type ExplainOptions = {
  readonly as: string;
  readonly change: string;
  readonly file?: string;
  readonly group?: string;
  readonly subscription?: string;
  readonly tag: Readonly<Record<string, string>>;
};

/** Adds `routebot policy`: the policy file is checked and asked without starting anything. */
export function addPolicyCommand(program: Command): void {
  const policy = program.command("policy").description("check the policy file, and ask it who may do what");
  policy
    .command("check")
    .description("say everything that is wrong with the policy file; exit code 1 if anything is")
    .argument("[file]", "the file; default: ROUTEBOT_POLICY_FILE, else routebot.yaml")
    .action(async (file: string | undefined) => {
      const { text, context } = await given(file);
      print(checkPolicyText(text, context));
    });
  policy
    .command("explain")
    .description(
      "say which rule a change falls under, who may ask for it and who may approve it; asks nobody",
    )
    .requiredOption("--as <person>", "id of the person who would ask, as under people")
    .requiredOption("--change <text>", 'what that person would write, such as "route all traffic for app-x"')
    .option("--file <file>", "the policy file; default: ROUTEBOT_POLICY_FILE, else routebot.yaml")
    .option("--group <name>", "resource group of the site, if the text does not say")
    .option("--subscription <name>", "name or id of its subscription, if the text does not say")
    .addOption(new Option("--tag <name=value...>", "tags of the site").argParser(readTag).default({}))
    .action(async (options: ExplainOptions) => {
      const { text, context } = await given(options.file);
      print(explainOffline({ ...options, tags: options.tag, text, context, at: new Date() }));
    });
  policy
    .command("schema")
    .description("print the JSON Schema of the policy file, for editors")
    .action(() => {
      process.stdout.write(policyJsonSchema());
    });
}

function readTag(written: string, before: unknown): Record<string, string> {
  const [name, ...value] = written.split("=");
  if (!name || value.length === 0) throw new InvalidArgumentError("Write it as NAME=VALUE.");
  return { ...(typeof before === "object" ? before : {}), [name]: value.join("=") };
}

async function given(file: string | undefined): Promise<{ text: string; context: PolicyContext }> {
  const { policyFile, values } = readEnvironment(process.env, process.cwd());
  const path = file === undefined ? policyFile : resolve(file);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    process.stderr.write(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  });
  return { text, context: contextFor(text, policyContext(values)) };
}

function print({ lines, code }: Report): void {
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = code;
}
