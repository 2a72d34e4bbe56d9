import { z } from "zod";
import { type GroupReader, GroupUnreadable } from "./group-reader.ts";

export type SlackGroupsSettings = {
  /** Ends in a slash. */
  readonly apiUrl: string;
  readonly botToken: string;
};

const answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), users: z.array(z.string().regex(/^[UW][A-Z0-9]+$/)) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/**
 * The people in a user group of Slack, named `TEAM/GROUP`: the method answers every member at once, and none who was
 * deactivated. Needs the scope usergroups:read. Source: docs.slack.dev/reference/methods/usergroups.users.list.
 */
export function createSlackGroups({ apiUrl, botToken }: SlackGroupsSettings): GroupReader {
  return async (id, signal) => {
    const [tenant = "", usergroup = ""] = id.split("/");
    const response = await fetch(new URL("usergroups.users.list", apiUrl), {
      method: "POST",
      headers: { authorization: `Bearer ${botToken}` },
      body: new URLSearchParams({ usergroup, include_disabled: "false" }),
      redirect: "error",
      signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new GroupUnreadable(`Slack answered ${response.status}`);
    }
    const parsed = answer.safeParse(await response.json());
    if (!parsed.success) throw new GroupUnreadable("Slack's answer could not be understood");
    if (!parsed.data.ok) {
      throw new GroupUnreadable(`Slack answered ${parsed.data.error.replace(/\W/g, "").slice(0, 60)}`);
    }
    return parsed.data.users.map((user) => ({ account: { platform: "slack", tenant, user } }));
  };
}
