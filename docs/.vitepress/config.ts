import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

const docs = new URL("../", import.meta.url);

/** What each of the four readers needs, in the order of reading; a page that is in no list is shown under "More". */
const rooms = [
  {
    text: "Start",
    items: [
      { text: "Your first change", link: "/start" },
      { text: "What each setting does", link: "/routing" },
    ],
  },
  {
    text: "In the chat",
    items: [
      { text: "What can be asked for", link: "/commands" },
      { text: "When it says no, or fails", link: "/failures" },
    ],
  },
  {
    text: "Approvals and policy",
    items: [
      { text: "The policy", link: "/policy" },
      { text: "The audit", link: "/audit" },
      { text: "Security", link: "/security" },
    ],
  },
  {
    text: "Operating",
    items: [
      { text: "Install", link: "/install" },
      { text: "Every variable", link: "/configuration" },
      { text: "Operate", link: "/operations" },
      { text: "Troubleshoot", link: "/troubleshooting" },
      { text: "Benchmarks", link: "/benchmarks" },
    ],
  },
  {
    text: "Building",
    items: [
      { text: "Architecture", link: "/architecture" },
      { text: "Development", link: "/development" },
    ],
  },
];

const decisions = pagesIn(new URL("adr/", docs))
  .filter((name) => /^\d{4}-/.test(name))
  .map((name) => ({ text: titleOf(new URL(`adr/${name}.md`, docs)), link: `/adr/${name}` }));

const listed = new Set(rooms.flatMap(({ items }) => items.map(({ link }) => link)));
const more = pagesIn(docs)
  .filter((name) => name !== "index" && !listed.has(`/${name}`))
  .map((name) => ({ text: titleOf(new URL(`${name}.md`, docs)), link: `/${name}` }));

/** The documents as a small site: `npm run -s docs`. A link that leads nowhere fails the build; nothing is loaded from elsewhere. */
export default defineConfig({
  title: "Routebot",
  description:
    "Changes how Azure App Service sites route outbound traffic, from Teams and Slack: planned, approved, verified.",
  lang: "en",
  // The address of the playground and of examples.
  ignoreDeadLinks: [/^https?:\/\/(localhost|127\.0\.0\.1)/],
  markdown: {
    config(markdown) {
      // Files of the repository are no pages: what is said of them stays, the links go.
      markdown.core.ruler.push("no-links-out", ({ tokens, env }) => {
        const depth = String(env.relativePath ?? "").split("/").length - 1;
        for (const { children } of tokens) {
          let dropped = false;
          for (const token of children ?? []) {
            const up = /^(?:\.\.\/)+/.exec(token.attrGet("href") ?? "")?.[0].length ?? 0;
            if (token.type === "link_open") dropped = up / 3 > depth;
            if (!dropped || !/^link_/.test(token.type)) continue;
            token.type = "text";
            token.content = "";
            token.nesting = 0;
          }
        }
      });
    },
  },
  buildEnd({ outDir }) {
    copyFileSync(new URL("routebot.schema.json", docs), `${outDir}/routebot.schema.json`);
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: rooms.slice(0, 4).map(({ text, items }) => ({ text, link: items[0]?.link ?? "/" })),
    sidebar: [
      ...rooms,
      ...(more.length > 0 ? [{ text: "More", items: more }] : []),
      { text: "Decisions", collapsed: true, items: [{ text: "All of them", link: "/adr/" }, ...decisions] },
    ],
    docFooter: { prev: "Before", next: "Next" },
  },
});

function pagesIn(folder: URL): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.slice(0, -3))
    .sort();
}

function titleOf(file: URL): string {
  return /^# (.+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? file.pathname;
}
