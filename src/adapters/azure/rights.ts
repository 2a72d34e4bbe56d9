import { z } from "zod";
import type { ResourceManager } from "./resource-manager.ts";
import { UnexpectedAnswer } from "./resource-manager.ts";

/** Api-version of Microsoft.Authorization for permissions. */
const permissionsVersion = "2022-04-01";
const timeoutMs = 20_000;

/** What Routebot does that needs rights, and with which actions. `where` is what the scope of the question is. */
export type Need = {
  readonly purpose: string;
  readonly actions: readonly string[];
  readonly where: "group" | "subnet";
  /** `required`: without it the main job fails. `advised`: it may. `opt-in`: something is left out, and said so on cards. */
  readonly weight: "required" | "advised" | "opt-in";
};

/** Sources: operations of Microsoft.Web and Microsoft.Network; learn.microsoft.com "Integrate your app with a virtual network". */
export const needs: readonly Need[] = [
  {
    purpose: "finding and reading sites",
    actions: ["Microsoft.Web/sites/read", "Microsoft.Web/sites/slots/read"],
    where: "group",
    weight: "required",
  },
  {
    purpose: "changing routing",
    actions: ["Microsoft.Web/sites/write", "Microsoft.Web/sites/slots/write"],
    where: "group",
    weight: "required",
  },
  {
    purpose: "changing routing of an integrated site, which Azure may check on its subnet",
    actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
    where: "subnet",
    weight: "advised",
  },
  {
    purpose: "telling gateway-required integration from none",
    actions: [
      "Microsoft.Web/sites/virtualNetworkConnections/read",
      "Microsoft.Web/sites/slots/virtualNetworkConnections/read",
    ],
    where: "group",
    weight: "advised",
  },
  {
    purpose: "seeing legacy app settings (it shows every app setting, secrets included)",
    actions: ["Microsoft.Web/sites/config/list/action", "Microsoft.Web/sites/slots/config/list/action"],
    where: "group",
    weight: "opt-in",
  },
  {
    purpose: "changing or removing legacy app settings",
    actions: ["Microsoft.Web/sites/config/write", "Microsoft.Web/sites/slots/config/write"],
    where: "group",
    weight: "opt-in",
  },
  {
    purpose: "saying what the network around the subnet lets through",
    actions: [
      "Microsoft.Network/virtualNetworks/subnets/read",
      "Microsoft.Network/networkSecurityGroups/read",
      "Microsoft.Network/routeTables/read",
    ],
    where: "subnet",
    weight: "opt-in",
  },
];

/** What a PUT of the whole site needs besides, where the fallback is configured. */
export const needsOfPut: readonly Need[] = [
  {
    purpose: "the PUT fallback, which names the plan of the site",
    actions: ["Microsoft.Web/serverfarms/join/action"],
    where: "group",
    weight: "required",
  },
];

/** One role's part of what the caller may do at a scope. */
export type Permission = { readonly actions: readonly string[]; readonly notActions: readonly string[] };

const page = z.object({
  value: z.array(z.object({ actions: z.array(z.string()), notActions: z.array(z.string()).nullish() })),
  nextLink: z.string().nullish(),
});

/** What the signed-in identity may do at a scope (an ARM id). Throws when it may not ask, or nobody answers. */
export async function readPermissions(arm: ResourceManager, scope: string): Promise<readonly Permission[]> {
  const found: Permission[] = [];
  const first = `${encodeURI(scope)}/providers/Microsoft.Authorization/permissions?api-version=${permissionsVersion}`;
  for (let path: string | null | undefined = first; path; ) {
    const answer = await arm.send({ method: "GET", path, limit: AbortSignal.timeout(timeoutMs) });
    if (answer.status !== 200) throw new UnexpectedAnswer(answer);
    const { value, nextLink } = page.parse(answer.body);
    found.push(...value.map(({ actions, notActions }) => ({ actions, notActions: notActions ?? [] })));
    path = nextLink;
  }
  return found;
}

/** Those of the actions that no role allows. An action that one role leaves out may still be allowed by another. */
export function missingActions(
  permissions: readonly Permission[],
  actions: readonly string[],
): readonly string[] {
  return actions.filter(
    (action) =>
      !permissions.some(
        (one) =>
          one.actions.some((pattern) => covers(pattern, action)) &&
          !one.notActions.some((pattern) => covers(pattern, action)),
      ),
  );
}

/** Azure compares actions in any case; `*` stands for any text. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.\\^$+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
