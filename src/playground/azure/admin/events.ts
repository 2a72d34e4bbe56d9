import type { ServerResponse } from "node:http";
import type { LoggedRequest } from "../log/request-log.ts";
import type { SiteChange } from "../world/store.ts";

/** What happens in the local Azure, for a page that shows it. */
export type AzureEvent =
  /** A request has been read and is about to be worked on; its log entry follows when it has ended. */
  | { readonly kind: "arrived"; readonly sequence: number; readonly method: string; readonly path: string }
  | { readonly kind: "request"; readonly request: LoggedRequest }
  | { readonly kind: "site"; readonly change: SiteChange }
  | { readonly kind: "faults" }
  | { readonly kind: "behaviour" }
  | { readonly kind: "reset" };

export interface Events {
  emit(event: AzureEvent): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: AzureEvent) => void): () => void;
  /** Answers with a stream of server-sent events until the client goes. */
  stream(response: ServerResponse): void;
}

export function makeEvents(): Events {
  const listeners = new Set<(event: AzureEvent) => void>();
  function subscribe(listener: (event: AzureEvent) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  return {
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe,
    stream(response) {
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
      });
      response.write(": connected\n\n");
      const end = subscribe((event) => {
        response.write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
      });
      response.on("close", end);
    },
  };
}
