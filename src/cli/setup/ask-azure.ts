import { askVariable, type EnvironmentFile } from "./ask-variable.ts";
import type { Asker } from "./asker.ts";

export type SignIn = "secret" | "managed-identity" | "other";

export type AzureAnswers = { readonly signIn: SignIn; readonly variables: EnvironmentFile };

/** How Routebot signs in to Azure, and where it works. */
export async function askAzure(ask: Asker, known: EnvironmentFile): Promise<AzureAnswers> {
  const signIn = await ask.choose<SignIn>({
    at: "signIn",
    text: "How Routebot signs in to Azure",
    options: [
      { value: "secret", label: "As an app registration, with a client secret" },
      {
        value: "managed-identity",
        label: "As a user-assigned managed identity",
        hint: "on a machine in Azure",
      },
      {
        value: "other",
        label: "As this machine does already",
        hint: "its own identity, workload identity, az login",
      },
    ],
    initial:
      known.AZURE_CLIENT_ID === undefined || known.AZURE_CLIENT_SECRET !== undefined
        ? "secret"
        : "managed-identity",
  });
  const subscriptions = await askVariable(ask, known, {
    name: "ROUTEBOT_SUBSCRIPTIONS",
    text: "Subscriptions whose sites it works on",
    hint: "Their ids, separated by commas: az account list --query '[].id' --output tsv",
  });
  return { signIn, variables: { ...(await askIdentity(ask, known, signIn)), ...subscriptions } };
}

async function askIdentity(ask: Asker, known: EnvironmentFile, signIn: SignIn): Promise<EnvironmentFile> {
  switch (signIn) {
    case "secret":
      return {
        ...(await askVariable(ask, known, {
          name: "AZURE_TENANT_ID",
          text: "Tenant of that app registration",
        })),
        ...(await askVariable(ask, known, { name: "AZURE_CLIENT_ID", text: "Its application (client) id" })),
        ...(await askVariable(ask, known, { name: "AZURE_CLIENT_SECRET", text: "Its client secret" })),
      };
    case "managed-identity":
      return askVariable(ask, known, { name: "AZURE_CLIENT_ID", text: "Client id of the managed identity" });
    case "other":
      return {};
    default:
      return signIn satisfies never;
  }
}
