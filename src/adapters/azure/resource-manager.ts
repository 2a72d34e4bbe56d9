import type { WebSiteManagementClient } from "@azure/arm-appservice";
import type { Client, ClientOptions } from "@azure-rest/core-client";
import { loadAlone } from "../../ports/load-alone.ts";
import { noTelemetry } from "../../ports/telemetry.ts";
import type { AzureSettings, AzureTools } from "./azure-settings.ts";
import { createCredential } from "./credential.ts";
import { observeRequests } from "./observe-requests.ts";
import { createProcessBuckets } from "./process-buckets.ts";
import { createRequestBudget, spendBudget, type Urgency } from "./request-budget.ts";
import { heedTime, retryReads, stayOnHost } from "./request-policies.ts";

/** One answer of the resource manager, not parsed yet. */
export type ArmAnswer = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
};

export type ArmRequest = {
  readonly method: "GET" | "PATCH" | "PUT" | "POST";
  /** Path with its query, or a whole address on the resource manager's host. */
  readonly path: string;
  readonly body?: unknown;
  /** Aborts when the time for it is over, as `AbortSignal.timeout` does: that is an answer of its own, `NoAnswerInTime`. */
  readonly limit: AbortSignal;
  /** Aborts when nobody wants it any more: its reason is thrown. */
  readonly signal?: AbortSignal;
};

/** No answer came within the time that the caller gave. */
export class NoAnswerInTime extends Error {
  override readonly name = "NoAnswerInTime";
}

/** An answer that leaves nothing to go on with. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
  readonly answer: ArmAnswer;

  constructor(answer: ArmAnswer) {
    super(`the resource manager answered with status ${answer.status}`);
    this.answer = answer;
  }
}

/**
 * The signed-in way to the resource manager. `send` is raw JSON, for what the typed client drops; `sitesOf` is that
 * client, for what it does well. Both stay on one host and retry reads only. What answers is returned, whatever its status;
 * errors are thrown when none did.
 */
export type ResourceManager = {
  readonly origin: string;
  send(request: ArmRequest): Promise<ArmAnswer>;
  sitesOf(subscriptionId: string, apiVersion: string): Promise<WebSiteManagementClient>;
  /** Makes sure that there is a token, so that a later failure is not one of signing in. */
  signIn(signal?: AbortSignal): Promise<void>;
};

/**
 * The resource manager, twice: as it is for changes and for whoever waits for an answer, and `unhurried` for surveys of many sites,
 * which spend of the same budget but leave enough of it for changes. Reaches nothing and loads nothing before its first use.
 */
export function openResourceManager(
  settings: AzureSettings,
  tools: AzureTools,
): ResourceManager & { readonly unhurried: ResourceManager } {
  const endpoint = settings.resourceManagerUrl.replace(/\/+$/, "");
  const { log, telemetry = noTelemetry } = tools;
  const budget = createRequestBudget(tools.buckets ?? createProcessBuckets(tools.clock), tools);
  const packages = once(() => load(settings));
  const managerFor = (urgency: Urgency) => {
    const before = [
      stayOnHost(endpoint),
      retryReads(tools.clock),
      spendBudget(budget, { urgency, telemetry }),
      observeRequests(urgency, { log, telemetry }),
    ].map((policy) => ({ policy, position: "perCall" }) as const);
    const policies = [...before, { policy: heedTime, position: "perRetry" } as const];
    return resourceManagerWith({ endpoint, settings, packages, policies });
  };
  return { ...managerFor("change"), unhurried: managerFor("survey") };
}

type Parts = {
  readonly endpoint: string;
  readonly settings: AzureSettings;
  readonly packages: () => ReturnType<typeof load>;
  readonly policies: NonNullable<ClientOptions["additionalPolicies"]>;
};

function resourceManagerWith({ endpoint, settings, packages, policies }: Parts): ResourceManager {
  const scope = `${endpoint}/.default`;
  const options: ClientOptions & { readonly endpoint: string } = {
    endpoint,
    credentials: { scopes: [scope] },
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "routebot" },
    additionalPolicies: policies,
  };
  const loaded = once(async () => {
    const { credential, getClient, appService } = await packages();
    const client = getClient(settings.resourceManagerUrl, credential, options);
    return { credential, appService, client };
  });
  const typed = new Map<string, WebSiteManagementClient>();

  return {
    origin: new URL(endpoint).origin,
    async send(request) {
      const { client } = await loaded();
      return await sendWith(client, request);
    },
    async sitesOf(subscriptionId, apiVersion) {
      const { credential, appService } = await loaded();
      const key = `${subscriptionId} ${apiVersion}`;
      const known = typed.get(key);
      if (known !== undefined) return known;
      const client = new appService.WebSiteManagementClient(credential, subscriptionId, {
        ...options,
        additionalPolicies: [{ policy: keepFailedAnswers, position: "perCall" }, ...policies],
        apiVersion,
      });
      typed.set(key, client);
      return client;
    },
    async signIn(signal) {
      const { credential } = await loaded();
      await credential.getToken(scope, { enableCae: true, ...(signal ? { abortSignal: signal } : {}) });
    },
  };
}

type RequestPolicy = NonNullable<ClientOptions["additionalPolicies"]>[number]["policy"];

/**
 * Of an answer that it did not expect, the typed client keeps little: App Service's errors lose their code and message, those of a
 * list their message. So such answers are thrown as they are. 401 passes: a challenge is the sign-in's to answer.
 */
const keepFailedAnswers: RequestPolicy = {
  name: "routebot-keep-failed-answers",
  async sendRequest(request, next) {
    const response = await next(request);
    const { status, headers, bodyAsText } = response;
    if (status < 400 || status === 401) return response;
    throw new UnexpectedAnswer({ status, header: (name) => headers.get(name), body: parsed(bodyAsText) });
  },
};

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

async function load(settings: AzureSettings) {
  const credential = await createCredential(settings);
  const { getClient } = await loadAlone(() => import("@azure-rest/core-client"));
  const appService = await loadAlone(() => import("@azure/arm-appservice"));
  return { credential, getClient, appService };
}

async function sendWith(client: Client, request: ArmRequest): Promise<ArmAnswer> {
  const { limit, signal } = request;
  const abortSignal = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  const call = client.pathUnchecked(request.path);
  try {
    const response = await sendTo(call, request, abortSignal);
    const { headers } = response;
    return {
      status: Number(response.status),
      header: (name) => headers[name.toLowerCase()],
      body: response.body,
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw new NoAnswerInTime("no answer in time", { cause: error });
    throw error;
  }
}

function sendTo(
  call: ReturnType<Client["pathUnchecked"]>,
  { method, body }: ArmRequest,
  abortSignal: AbortSignal,
) {
  const withBody = { abortSignal, body, contentType: "application/json" };
  switch (method) {
    case "GET":
      return call.get({ abortSignal });
    case "PATCH":
      return call.patch(withBody);
    case "PUT":
      return call.put(withBody);
    case "POST":
      return call.post({ abortSignal });
    default:
      return method satisfies never;
  }
}

/** Runs `make` on the first call and shares its result; a failure is not kept. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
