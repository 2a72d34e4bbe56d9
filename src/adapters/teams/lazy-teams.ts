import type { Chat } from "../../ports/chat.ts";
import { loadAlone } from "../../ports/load-alone.ts";
import type { TeamsAdapter, TeamsTools } from "./teams-adapter.ts";
import type { TeamsSettings } from "./teams-settings.ts";

/**
 * Teams, whose SDK is loaded when it is needed first, or when `load` is called: it takes longer than the rest of the start together.
 * Who comes before it is there waits for it.
 */
export function createLazyTeams(
  settings: TeamsSettings,
  tools: TeamsTools,
): TeamsAdapter & { load(): Promise<unknown> } {
  let loaded: Promise<TeamsAdapter> | undefined;
  const load = (): Promise<TeamsAdapter> => {
    loaded ??= loadAlone(() => import("./teams-adapter.ts")).then((module) =>
      module.createTeamsAdapter(settings, tools),
    );
    return loaded;
  };
  const chat = async (): Promise<Chat> => (await load()).chat;
  return {
    load,
    chat: {
      platform: "teams",
      post: async (request) => (await chat()).post(request),
      update: async (request) => (await chat()).update(request),
      lookUp: async (place, key) => (await chat()).lookUp(place, key),
      openDirect: async (account) => (await chat()).openDirect(account),
    },
    handler: async (request, response) => (await load()).handler(request, response),
    check: { name: "teams", look: async (signal) => (await load()).check.look(signal) },
  };
}
