import { mkdirSync } from "node:fs";
import type { Server } from "node:https";
import { createServer } from "node:https";
import { z } from "zod";
import { isAdminRequest, serveAdmin } from "./admin/admin.ts";
import { changeSite, lookUpSite, type SiteChangeOrder } from "./admin/change-site.ts";
import { type AzureEvent, makeEvents } from "./admin/events.ts";
import { type SiteSummary, summarizeSite, summarizeSites } from "./admin/site-summary.ts";
import { armError } from "./arm/errors.ts";
import { makeOperations } from "./arm/operations.ts";
import { makeRateLimits } from "./arm/rate-limits.ts";
import { isBotAudience } from "./authority/audiences.ts";
import { obtainSecrets, principals, TENANT_ID } from "./authority/identities.ts";
import { makeCodes } from "./authority/sign-in.ts";
import { makeTokens } from "./authority/tokens.ts";
import { obtainCertificate } from "./certificates.ts";
import { type FaultOrder, faultOrdersSchema } from "./faults/fault.ts";
import { makeFaultList, type OpenFault } from "./faults/fault-list.ts";
import { sendAnswer } from "./http/send-answer.ts";
import { type LoggedRequest, makeRequestLog } from "./log/request-log.ts";
import { buildWorld } from "./seed/build-world.ts";
import { type AzureServices, serveAzure } from "./serve-azure.ts";
import { type Behaviour, behaviourSchema, DEFAULT_BEHAVIOUR } from "./world/behaviour.ts";
import { makeStore } from "./world/store.ts";
import { worldSchema } from "./world/world.ts";

export interface LocalAzureOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** For certificate, keys and secrets; made when it does not exist. */
  readonly directory: string;
  readonly now?: () => Date;
  /** What differs from the defaults at the beginning and after a reset. */
  readonly behaviour?: Partial<Behaviour>;
  /** Origins of web pages that may use the admin side, besides the server's own. */
  readonly trustedOrigins?: readonly string[];
}

/** A client that signs in with a secret. */
export interface ClientCredential {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Whether a token is the bot's own for the Bot Connector, and if not, why. */
export type BotTokenCheck =
  | { readonly kind: "accepted"; readonly clientId: string; readonly tenantId: string }
  | { readonly kind: "refused"; readonly reason: string };

/** State of the local Azure, to be kept by the playground across runs. */
const snapshotSchema = z.object({ version: z.literal(1), world: worldSchema, behaviour: behaviourSchema });
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A running local Azure. */
export interface LocalAzure {
  /**
   * `https://localhost:{port}`: base address of the resource manager and authority host; `https://127.0.0.1:{port}` works
   * as well. A client of @azure/identity needs `disableInstanceDiscovery`, one of MSAL `knownAuthorities: ["localhost:{port}"]`:
   * otherwise both ask login.microsoftonline.com about this authority first.
   */
  readonly url: string;
  /** PEM file that clients have to trust: NODE_EXTRA_CA_CERTS, `curl --cacert`, REQUESTS_CA_BUNDLE. */
  readonly caFile: string;
  readonly tenantId: string;
  readonly credentials: {
    /** May read and write everything. */
    readonly routing: ClientCredential;
    /** May get tokens for the Bot Connector, and has no rights in the resource manager. */
    readonly bot: ClientCredential;
    /** People sign in with it. */
    readonly stepUp: ClientCredential;
    /** A user-assigned identity with the rights of `routing`: IDENTITY_ENDPOINT, IDENTITY_HEADER and its client id. */
    readonly managedIdentity: {
      readonly clientId: string;
      readonly endpoint: string;
      readonly header: string;
    };
  };
  readonly subscriptions: readonly { readonly id: string; readonly name: string }[];
  sites(): readonly SiteSummary[];
  /** @param after only requests with a higher sequence number */
  requests(after?: number): readonly LoggedRequest[];
  faults(): readonly OpenFault[];
  /** Replaces all ordered faults. Throws when an order is malformed. */
  orderFaults(orders: readonly FaultOrder[]): void;
  /**
   * Changes a site behind everybody's back.
   * @param reference ARM id, `name` or `name/slot`; throws unless it means exactly one site
   */
  changeSite(reference: string, order: SiteChangeOrder): SiteSummary;
  behaviour(): Behaviour;
  setBehaviour(change: Partial<Behaviour>): void;
  /** @returns a function that ends the subscription */
  onEvent(listener: (event: AzureEvent) => void): () => void;
  /** For the local Teams: a bearer token has to be the bot's, for `https://api.botframework.com`, and not expired. */
  verifyBotToken(token: string): Promise<BotTokenCheck>;
  /** All sites and the behaviour. A write that is still running as an operation is not in it. */
  snapshot(): Snapshot;
  /** Takes a snapshot up again. Throws when it is none, or of another version. */
  restore(snapshot: unknown): void;
  /** Back to the beginning: seeded sites, no faults, empty log, first behaviour. */
  reset(): void;
  /** Ends open requests and frees the port. May be called twice. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Starts the local Azure on the loopback interface. Throws when the port is taken or the directory is not writable. */
export async function startLocalAzure(options: LocalAzureOptions): Promise<LocalAzure> {
  const now = options.now ?? (() => new Date());
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const certificate = await obtainCertificate(options.directory);
  const secrets = await obtainSecrets(options.directory);
  const known = principals(secrets);
  const firstBehaviour: Behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  let behaviour = firstBehaviour;

  const events = makeEvents();
  const store = makeStore({
    world: buildWorld(),
    now,
    onChange: (change) => events.emit({ kind: "site", change }),
  });
  const operations = makeOperations(store, now);
  const faults = makeFaultList(() => events.emit({ kind: "faults" }));
  const log = makeRequestLog((request) => events.emit({ kind: "request", request }));
  const closing = new AbortController();

  const server = createServer({ cert: certificate.certificate, key: certificate.key, minVersion: "TLSv1.2" });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, options.port);
  const origins = [`https://localhost:${port}`, `https://${HOST}:${port}`] as const;
  const url = origins[0];
  const tokens = await makeTokens({ secrets, principals: known, issuer: `${url}/${TENANT_ID}/`, now });

  function setBehaviour(change: Partial<Behaviour>): void {
    behaviour = behaviourSchema.parse({ ...behaviour, ...change });
    events.emit({ kind: "behaviour" });
  }
  function reset(): void {
    operations.clear();
    store.replaceWorld(buildWorld());
    behaviour = firstBehaviour;
    faults.clear();
    log.clear();
    events.emit({ kind: "reset" });
  }

  const services: AzureServices = {
    arm: {
      store,
      operations,
      faults,
      tokens,
      ownOrigins: origins,
      behaviour: () => behaviour,
      now,
      rates: makeRateLimits(now),
      closing: closing.signal,
    },
    authority: {
      tokens,
      principals: known,
      identityHeader: secrets.identityHeader,
      codes: makeCodes(),
      ownOrigins: origins,
      now,
    },
    log,
    events,
    origins: [...origins],
    now,
  };
  const admin = {
    store,
    faults,
    log,
    events,
    behaviour: () => behaviour,
    setBehaviour,
    reset,
    origins: services.origins,
    trustedOrigins: options.trustedOrigins ?? [],
  };
  server.on("request", (request, response) => {
    const served = isAdminRequest(request)
      ? serveAdmin(request, response, admin)
      : serveAzure(request, response, services);
    served.catch((cause: unknown) => {
      // A client that broke off needs no answer; a mistake of ours must be seen by whoever waits.
      if (request.destroyed && !request.complete) return;
      const message = `The local Azure failed: ${cause instanceof Error ? cause.message : String(cause)}`;
      sendAnswer(response, armError({ status: 500, code: "LocalAzureFailure", message }));
    });
  });

  return {
    url,
    caFile: certificate.caFile,
    tenantId: TENANT_ID,
    credentials: {
      routing: secretCredential(known, "routing"),
      bot: secretCredential(known, "bot"),
      stepUp: secretCredential(known, "step-up"),
      managedIdentity: {
        clientId: principalNamed(known, "managed-identity").clientId,
        endpoint: `${url}/msi/token`,
        header: secrets.identityHeader,
      },
    },
    subscriptions: store.world.subscriptions.map(({ id, name }) => ({ id, name })),
    sites: () => summarizeSites(store),
    requests: (after) => log.list(after),
    faults: () => faults.list(),
    orderFaults: (orders) => faults.replace(faultOrdersSchema.parse(orders)),
    changeSite(reference, order) {
      const lookup = lookUpSite(store, reference);
      if (lookup.kind !== "one")
        throw new Error(`'${reference}' does not mean exactly one site of the local Azure.`);
      return summarizeSite(store, changeSite(store, lookup.site, order));
    },
    behaviour: () => behaviour,
    setBehaviour,
    onEvent: (listener) => events.subscribe(listener),
    async verifyBotToken(token) {
      const checked = await tokens.verify(token, isBotAudience);
      if (checked.kind === "refused") return { kind: "refused", reason: checked.reason };
      if (checked.principal.name !== "bot") return { kind: "refused", reason: "another client" };
      return { kind: "accepted", clientId: checked.principal.clientId, tenantId: TENANT_ID };
    },
    snapshot: () => structuredClone({ version: 1, world: store.world, behaviour }),
    restore(snapshot) {
      const kept = snapshotSchema.parse(snapshot);
      operations.clear();
      store.replaceWorld(kept.world);
      behaviour = kept.behaviour;
      events.emit({ kind: "reset" });
    },
    reset,
    async close() {
      closing.abort();
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The server has no port."));
      else resolve(address.port);
    });
  });
}

function principalNamed(known: ReturnType<typeof principals>, name: string) {
  const principal = known.find((one) => one.name === name);
  if (principal === undefined) throw new Error(`The local Azure has no principal '${name}'.`);
  return principal;
}

function secretCredential(
  known: ReturnType<typeof principals>,
  name: "routing" | "bot" | "step-up",
): ClientCredential {
  const { clientId, clientSecret } = principalNamed(known, name);
  if (clientSecret === null) throw new Error(`The principal '${name}' has no secret.`);
  return { clientId, clientSecret };
}
