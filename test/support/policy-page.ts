import { readFileSync } from "node:fs";

export type Example =
  /** What `routebot policy explain` prints for these words, at a time. */
  | {
      readonly kind: "console";
      readonly words: readonly string[];
      readonly prints: readonly string[];
      readonly at: Date;
    }
  /** What somebody is answered in the chat. */
  | { readonly kind: "chat"; readonly who: string; readonly says: string; readonly hears: string };

export type Section = { readonly policy: string; readonly examples: readonly Example[] };

/** The policies of docs/policy.md, each with the examples that follow it. */
export function readPolicyPage(): readonly Section[] {
  const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
  const sections: { policy: string; examples: Example[] }[] = [];
  for (const [, info = "", text = ""] of page.matchAll(/^```(\w+ ?[\w -]*)\n([\s\S]*?)^```$/gm)) {
    const [kind = "", ...rest] = info.split(" ");
    if (info === "yaml policy") sections.push({ policy: text, examples: [] });
    else if (kind === "console") {
      const at = new Date(rest[0] === "at" ? `${rest[1]}T12:00:00Z` : "2026-06-01T12:00:00Z");
      sections.at(-1)?.examples.push(...consoleExamples(text, at));
    } else if (kind === "text") sections.at(-1)?.examples.push(...chatExamples(text));
  }
  return sections;
}

function consoleExamples(text: string, at: Date): readonly Example[] {
  return text
    .split(/^\$ routebot policy explain /m)
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const [line = "", ...prints] = part.trimEnd().split("\n");
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
      return { kind: "console", words, prints, at };
    });
}

function chatExamples(text: string): readonly Example[] {
  return [...text.matchAll(/^(\w+): (.*)\n> (.*)$/gm)].map(([, who = "", says = "", hears = ""]) => ({
    kind: "chat",
    who: who.toLowerCase(),
    says,
    hears,
  }));
}
