import type { ChangeRequest } from "../domain/change/change-request.ts";
import { note } from "./answers.ts";
import { requestWords, sitesWords } from "./plan-words.ts";
import type { Block, Text, View } from "./view.ts";
import { code, plain, plainText, strong, utcTime } from "./words.ts";

/** Open requests, oldest first. In a conversation of several people there are two lists: made there, and made elsewhere. */
export type PendingList = {
  readonly requests: readonly ChangeRequest[];
  /** Whether there are more; `unknown` when not all could be looked through. */
  readonly more: "none" | "some" | "unknown";
  /** Whether the asker can decide on it. */
  readonly waitsFor: (request: ChangeRequest) => boolean;
  readonly where?: "here" | "elsewhere";
};

/** The open requests that the asker may see; `mine`: only their own were asked for. */
export function pendingView(lists: readonly PendingList[], mine: boolean): View {
  const all = lists.flatMap(({ requests }) => requests);
  const more = moreWords(lists);
  if (all.length === 0 && more === undefined) {
    return note(
      "neutral",
      mine
        ? "No request of yours is open."
        : "Nothing is open that you may see: no request waits for a decision or is being applied.",
    );
  }
  const shown = lists.filter(({ requests }) => requests.length > 0);
  const headed = lists.length > 1;
  const lines = shown.flatMap((list) => list.requests.map((request) => line(request, list)));
  const title =
    all.length === 1
      ? "One open request"
      : `${more === undefined ? "" : "The oldest "}${all.length} open requests`;
  return {
    tone: "neutral",
    title,
    blocks: [
      ...shown.flatMap((list): Block[] => [
        ...(headed ? [{ kind: "paragraph", text: [strong(heading(list))] } as const] : []),
        { kind: "list", items: list.requests.map((request) => line(request, list)) },
      ]),
      ...(more === undefined ? [] : [{ kind: "paragraph", text: more } as const]),
    ],
    actions: [],
    summary: [`${title}: ${lines.map(plainText).join("; ")}`, ...(more === undefined ? [] : [more])].join(
      " ",
    ),
  };
}

function heading({ where }: PendingList): string {
  return where === "here" ? "Asked for here" : "Asked for elsewhere";
}

function line(request: ChangeRequest, { waitsFor }: PendingList): Text {
  return [
    strong(request.id),
    plain(` ${requestWords(request)} for `),
    code(sitesWords(request.plan)),
    plain(` · ${request.state} · asked by ${request.requester.name} · ${until(request)}`),
    ...(waitsFor(request) ? [strong(" · you can decide")] : []),
  ];
}

function moreWords(lists: readonly PendingList[]): string | undefined {
  if (lists.some(({ more }) => more === "some")) {
    return 'There are more. Name a site or a resource group to see those, such as "pending for app-x".';
  }
  if (lists.some(({ more }) => more === "unknown")) {
    return 'There may be more, among too many to look through. Name a site or a resource group, such as "pending for app-x".';
  }
  return undefined;
}

function until(request: ChangeRequest): string {
  if (request.state === "pending") return `decide before ${utcTime(request.decideBy)}`;
  if (request.state === "approved") return `to be applied before ${utcTime(request.applyBy)}`;
  return "in Azure's hands";
}
