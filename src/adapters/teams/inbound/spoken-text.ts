import type { TeamsActivity, TeamsMention } from "./activity.ts";

/** Whether the bot itself is mentioned, which is how one speaks to it in a channel or a group chat. */
export function mentionsBot({ entities, recipient }: TeamsActivity): boolean {
  return entities.some((mention) => mention.mentioned.id === recipient.id);
}

/**
 * The words of a message: without the mention of the bot, with other people's mentions as their plain names, and with the
 * spaces that Teams' editor puts behind a mention as ordinary ones. Plain text arrives as it was typed, `<` and `&` included.
 */
export function spokenText({ text, textFormat, entities, recipient }: TeamsActivity): string {
  let words = text ?? "";
  for (const mention of entities) {
    if (!mention.text) continue;
    words = words.replaceAll(mention.text, mention.mentioned.id === recipient.id ? " " : nameOf(mention));
  }
  words = words.replaceAll("&nbsp;", " ").replaceAll("\u00a0", " ").replaceAll("\r\n", "\n");
  if (textFormat === "xml") words = decodeEntities(words);
  return words.trim();
}

function nameOf({ mentioned, text }: TeamsMention): string {
  return mentioned.name ?? text?.replaceAll(/<\/?at[^>]*>/g, "") ?? "";
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  amp: "&",
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(lt|gt|quot|apos|#39|amp);/g, (whole, name: string) => entities[name] ?? whole);
}
