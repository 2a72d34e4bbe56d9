/** Microsoft Graph, as far as Routebot asks it: who is in a group of Entra ID. */
import { everybody, type PersonId } from "../../people.ts";
import { authenticate } from "../arm/authenticate.ts";
import { isGraphAudience } from "../authority/audiences.ts";
import type { Tokens } from "../authority/tokens.ts";
import type { Answer, Exchange } from "../http/exchange.ts";

/** The groups of the local tenant, by object id. */
export const entraGroups: Readonly<Record<string, readonly PersonId[]>> = {
  "8d1f5c60-3e7b-4a92-bd04-6f2a9c8e1b07": ["ana", "ben"],
};

export interface GraphContext {
  readonly tokens: Tokens;
  readonly ownOrigins: readonly string[];
}

/**
 * Answers `GET /v1.0/groups/{id}/transitiveMembers`, one member a page so that whoever reads has to follow the pages.
 * @returns null when the path is not Graph's
 */
export async function graphAnswer(exchange: Exchange, context: GraphContext): Promise<Answer | null> {
  const [version, kind, id = "", what] = exchange.segments;
  if (version !== "v1.0" || kind !== "groups" || what !== "transitiveMembers") return null;
  const signedIn = await authenticate(exchange, {
    tokens: context.tokens,
    isAudience: (audience) => isGraphAudience(audience, context.ownOrigins),
  });
  if (signedIn.kind === "refused") return signedIn.answer;
  const members = entraGroups[id.toLowerCase()];
  if (members === undefined) {
    const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
    return { status: 404, body: { error: { code: "Request_ResourceNotFound", message } } };
  }
  const at = Number(exchange.query.get("$skiptoken") ?? 0);
  const person = everybody.find((one) => one.id === members[at]);
  const next = new URL(exchange.path, exchange.origin);
  next.searchParams.set("$skiptoken", String(at + 1));
  return {
    status: 200,
    body: {
      value:
        person === undefined
          ? []
          : [
              {
                "@odata.type": "#microsoft.graph.user",
                id: person.teams.aadObjectId,
                displayName: person.name,
                accountEnabled: true,
                userType: "Member",
              },
            ],
      ...(at + 1 < members.length ? { "@odata.nextLink": next.href } : {}),
    },
  };
}
