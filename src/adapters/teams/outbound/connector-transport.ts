import type { ConnectorClientOptions } from "botframework-connector";
import type { Clock } from "../../../ports/clock.ts";
import { isAllowedServiceUrl } from "../auth/service-url.ts";
import { ConnectorError } from "./connector-error.ts";
import { failureOfAnswer, failureOfNetwork } from "./send-failure.ts";

type HttpClient = NonNullable<ConnectorClientOptions["httpClient"]>;
type ConnectorRequest = Parameters<HttpClient["sendRequest"]>[0];
type ConnectorResponse = Awaited<ReturnType<HttpClient["sendRequest"]>>;

/** Answers are a small JSON object with an id. */
const maxAnswerBytes = 256 * 1024;

export type TransportOptions = {
  readonly timeoutMs: number;
  readonly serviceHosts: readonly string[];
  readonly clock: Clock;
};

/**
 * One HTTP request to the Bot Connector: one try, one time limit, no redirects, and only to a host on the list. botbuilder's own
 * transport sends a message up to four times when a connection breaks, and waits for ever; its retry and time-out settings have
 * no effect, only a client of one's own has. All that goes wrong becomes a `ConnectorError`, which botbuilder does not retry.
 */
export class ConnectorTransport implements HttpClient {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async sendRequest(request: ConnectorRequest): Promise<ConnectorResponse> {
    if (!isAllowedHost(request.url, this.#options.serviceHosts)) {
      throw new ConnectorError({ kind: "refused", why: "the address is not on the list of service hosts" });
    }
    const { status, headers, text } = await this.#exchange(request);
    const failure = failureOfAnswer(
      { method: request.method, status, headers, text },
      this.#options.clock.now(),
    );
    if (failure) throw new ConnectorError(failure);
    const copied = request.headers.clone();
    for (const name of copied.headerNames()) copied.remove(name);
    for (const [name, value] of headers) copied.set(name, value);
    return { request, status, headers: copied, bodyAsText: text };
  }

  async #exchange({ url, method, headers, body }: ConnectorRequest) {
    try {
      const response = await fetch(url, {
        method,
        headers: headers.rawHeaders(),
        ...(typeof body === "string" && { body }),
        redirect: "error",
        signal: AbortSignal.timeout(this.#options.timeoutMs),
      });
      return { status: response.status, headers: response.headers, text: await readText(response) };
    } catch (error) {
      throw new ConnectorError(failureOfNetwork(method, error), error);
    }
  }
}

/** The host alone: the path is the connector's, the rest of the address was checked when the activity came in. */
function isAllowedHost(url: string, serviceHosts: readonly string[]): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && isAllowedServiceUrl(parsed.origin, serviceHosts);
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
