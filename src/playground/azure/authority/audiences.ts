/** The resource the Bot Connector's tokens are asked for. */
export const BOT_AUDIENCE = "https://api.botframework.com";

const ARM_AUDIENCES = ["https://management.azure.com", "https://management.core.windows.net"];
const GRAPH_AUDIENCE = "https://graph.microsoft.com";
/** Azure Database for PostgreSQL. */
const DATABASE_AUDIENCE = "https://ossrdbms-aad.database.windows.net";
const OTHER_AUDIENCES = [BOT_AUDIENCE, GRAPH_AUDIENCE, DATABASE_AUDIENCE];

/** Whether a token's audience is Azure Resource Manager, by one of its public names or by this server's address. */
export function isArmAudience(audience: string, ownOrigins: readonly string[]): boolean {
  return [...ARM_AUDIENCES, ...ownOrigins].includes(withoutEndSlash(audience));
}

/** Whether a token's audience is Microsoft Graph, by its public name or by this server's address. */
export function isGraphAudience(audience: string, ownOrigins: readonly string[]): boolean {
  return [GRAPH_AUDIENCE, ...ownOrigins].includes(withoutEndSlash(audience));
}

export function isBotAudience(audience: string): boolean {
  return withoutEndSlash(audience) === BOT_AUDIENCE;
}

/**
 * Whether the tenant knows a resource, so that a token can be asked for it: ARM, the Bot Connector, Graph, databases,
 * this server, and each of its own applications (`{clientId}` or `api://{clientId}`).
 */
export function isKnownResource(
  resource: string,
  known: { readonly ownOrigins: readonly string[]; readonly clientIds: readonly string[] },
): boolean {
  const bare = withoutEndSlash(resource);
  return (
    isArmAudience(bare, known.ownOrigins) ||
    OTHER_AUDIENCES.includes(bare) ||
    known.clientIds.includes(bare.replace(/^api:\/\//, ""))
  );
}

function withoutEndSlash(value: string): string {
  return value.replace(/\/+$/, "");
}
