/** What Slack's client makes of typed text before the bot sees it. */
import { everybody } from "../people.ts";
import { slackWorkspace } from "../places.ts";

/** Typed text as Slack stores and sends it: `&`, `<` and `>` escaped, mentions and addresses marked up. */
export function encodeTyped(typed: string): { readonly text: string; readonly mentioned: boolean } {
  const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const mention = `<@${slackWorkspace.botUserId}>`;
  const linked = escaped.replace(/(^|\s)(https?:\/\/[^\s|]+)/g, "$1<$2>");
  const text = everybody.reduce(
    (soFar, { slack }) =>
      soFar.replace(new RegExp(`(^|\\s)@${slack.handle}\\b`, "gi"), `$1<@${slack.userId}>`),
    linked.replace(/(^|\s)@routebot\b/gi, `$1${mention}`),
  );
  return { text, mentioned: text.includes(mention) };
}
