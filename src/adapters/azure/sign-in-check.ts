import { inOrder, isUnreachable, type ReadinessCheck } from "../../ports/readiness.ts";
import type { AzureSettings } from "./azure-settings.ts";
import type { createCredential } from "./credential.ts";

type Credential = Pick<Awaited<ReturnType<typeof createCredential>>, "getToken">;

/** Whether a token for the resource manager can be had. The credential keeps one until shortly before its end, and asks then. */
export function createSignInCheck(
  settings: AzureSettings,
  credential: () => Promise<Credential>,
): ReadinessCheck {
  const scope = `${settings.resourceManagerUrl}/.default`;
  return {
    name: "azure",
    async look(signal) {
      try {
        await (await credential()).getToken(scope, { abortSignal: signal });
        return inOrder;
      } catch (error) {
        return isUnreachable(error)
          ? { kind: "unclear", why: "the sign-in service cannot be reached" }
          : { kind: "failed", why: "no sign-in to Azure; routebot doctor says why" };
      }
    },
  };
}
