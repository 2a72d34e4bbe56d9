import { readdirSync } from "node:fs";
import { defineConfig } from "vitepress";

const decisions = readdirSync(new URL("../adr", import.meta.url))
  .filter((name) => name.endsWith(".md"))
  .sort()
  .map((name) => ({
    text: `${Number(name.slice(0, 4))}. ${name.slice(5, -3).replaceAll("-", " ")}`,
    link: `/adr/${name.slice(0, -3)}`,
  }));

/** The documents as a small site: `npm run -s docs`. A link that leads nowhere fails the build. */
export default defineConfig({
  title: "Routebot",
  description:
    "Changes how Azure App Service sites route outbound traffic, from Teams and Slack: planned, approved, verified.",
  lang: "en",
  cleanUrls: true,
  // Files of the repository that are no pages.
  ignoreDeadLinks: [
    /^https?:\/\/localhost/,
    /\.env\.example$/,
    /routebot\.example\.yaml$/,
    /^\.\/\.\.\/(\.\.\/)?(src|test|bench|infra|manifest|scripts)\//,
  ],
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      {
        text: "In the chat",
        items: [
          { text: "Commands", link: "/commands" },
          { text: "What each setting does", link: "/routing" },
          { text: "What went wrong", link: "/failures" },
        ],
      },
      {
        text: "Approvals",
        items: [
          { text: "Policy", link: "/policy" },
          { text: "Audit", link: "/audit" },
        ],
      },
      {
        text: "Operating",
        items: [
          { text: "Install", link: "/install" },
          { text: "Operate", link: "/operations" },
          { text: "Security", link: "/security" },
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
      { text: "Decisions", collapsed: true, items: decisions },
    ],
  },
});
