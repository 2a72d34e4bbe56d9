import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { AzureSettings } from "../../src/adapters/azure/azure-settings.ts";
import { ROLES } from "../../src/playground/azure/authority/roles.ts";
import { type LocalAzure, startLocalAzure } from "../../src/playground/azure/local-azure.ts";

/** A local Azure in this process that the adapter can sign in to for real. */
export type TrustedAzure = {
  readonly azure: LocalAzure;
  readonly settings: AzureSettings;
  close(): Promise<void>;
};

const ofBot = ROLES.filter(({ name }) => name !== "Playground visitor").flatMap(({ actions }) => actions);

/**
 * What the roles in docs/operations.md do not have: taken away in tests of the adapter, so that it needs nothing else. The plan is
 * joined by a PUT alone, which is documented apart from the roles.
 */
export const undocumentedActions: readonly string[] = ROLES.flatMap(({ actions }) => actions).filter(
  (action) => !ofBot.includes(action) && action !== "Microsoft.Web/serverfarms/join/action",
);

/**
 * Starts a local Azure, makes this process trust its certificate and signs `DefaultAzureCredential` in through the environment, as
 * an operator would.
 *
 * Node reads NODE_EXTRA_CA_CERTS at its start only, so a test process cannot use it for a certificate that it makes itself;
 * `tls.setDefaultCACertificates` (Node 24) does the same at run time, for this process alone.
 */
export async function startTrustedAzure(apiVersion = "2025-05-01"): Promise<TrustedAzure> {
  const directory = await mkdtemp(join(tmpdir(), "routebot-azure-"));
  const azure = await startLocalAzure({
    port: 0,
    directory,
    behaviour: { withheldActions: [...undocumentedActions] },
  });
  setDefaultCACertificates([...getCACertificates("default"), await readFile(azure.caFile, "utf8")]);

  const { clientId, clientSecret } = azure.credentials.routing;
  const environment = {
    AZURE_TENANT_ID: azure.tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
  };
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);

  return {
    azure,
    settings: {
      resourceManagerUrl: azure.url,
      authorityHost: azure.url,
      tenantId: azure.tenantId,
      subscriptions: azure.subscriptions.map(({ id }) => id),
      apiVersion,
    },
    async close() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await azure.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
