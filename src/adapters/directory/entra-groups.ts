import { z } from "zod";
import type { Member } from "../../domain/change/group-members.ts";
import { type GroupReader, GroupUnreadable, maxPages } from "./group-reader.ts";

export type EntraGroupsSettings = {
  /** Origin of Microsoft Graph; production: `https://graph.microsoft.com`. */
  readonly graphUrl: string;
  /** Tenant of the members: the one that their Teams accounts are in. */
  readonly tenant: string;
  /** Signs in for `GRAPH/.default`; rejects when it cannot. */
  readonly token: (scope: string, signal: AbortSignal) => Promise<string>;
};

/** Source: learn.microsoft.com/graph/api/group-list-transitivemembers, v1.0. */
const page = z.object({
  value: z.array(
    z.object({
      "@odata.type": z.string().optional(),
      id: z.string().regex(/^[0-9a-f-]{36}$/i),
      displayName: z.string().nullish(),
      accountEnabled: z.boolean().nullish(),
      userType: z.string().nullish(),
    }),
  ),
  "@odata.nextLink": z.string().optional(),
});

/**
 * The people in a group of Entra ID, through groups in it, too. Left out: accounts that are disabled, guests, and whatever is
 * no user. Needs the application permission GroupMember.Read.All, and User.Read.All for `accountEnabled` and `userType`; where
 * Graph does not say that an account is enabled, it counts as disabled.
 */
export function createEntraGroups(settings: EntraGroupsSettings): GroupReader {
  const { graphUrl, tenant, token } = settings;
  return async (id, signal) => {
    const bearer = await token(`${graphUrl}/.default`, signal);
    const select = "$select=id,displayName,accountEnabled,userType&$top=999";
    let next: string | undefined =
      `${graphUrl}/v1.0/groups/${encodeURIComponent(id)}/transitiveMembers?${select}`;
    const members: Member[] = [];
    for (let read = 0; next !== undefined; read += 1) {
      if (read === maxPages) throw new GroupUnreadable("the group has too many members");
      // The next page's address comes with the answer, and our token goes to nobody else.
      if (URL.parse(next)?.origin !== new URL(graphUrl).origin) {
        throw new GroupUnreadable("Microsoft Graph named a next page somewhere else");
      }
      const response: Response = await fetch(next, {
        headers: { authorization: `Bearer ${bearer}`, accept: "application/json" },
        redirect: "error",
        signal,
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new GroupUnreadable(`Microsoft Graph answered ${response.status}`);
      }
      const parsed = page.safeParse(await response.json());
      if (!parsed.success) throw new GroupUnreadable("Microsoft Graph's answer could not be understood");
      for (const one of parsed.data.value) {
        if (one["@odata.type"] !== "#microsoft.graph.user") continue;
        if (one.accountEnabled !== true || one.userType?.toLowerCase() === "guest") continue;
        const account = { platform: "teams", tenant, user: one.id.toLowerCase() } as const;
        members.push({ account, ...(one.displayName && { name: one.displayName }) });
      }
      next = parsed.data["@odata.nextLink"];
    }
    return members;
  };
}
