import { type ResolvedTarget, targetLabel } from "../../domain/target.ts";
import type { Chat, Inbound, Receive } from "../../ports/chat.ts";
import type { RoutingService } from "../../ports/routing-service.ts";
import type { About, Telemetry } from "../../ports/telemetry.ts";

const kindOf = ({ kind }: { readonly kind: string }) => kind;

/** The way in: each message and click begins a story. */
export function observeReceive(receive: Receive, telemetry: Telemetry): Receive {
  return (inbound) => {
    const { platform } = inbound.actor.account;
    const course = { from: "new", about: aboutOf(inbound), result: kindOf } as const;
    return telemetry.step({ kind: "receive", platform, what: inbound.kind }, course, () => receive(inbound));
  };
}

function aboutOf(inbound: Inbound): About {
  const { id } = inbound;
  const clicked = inbound.kind === "click" ? /^CR-\d+$/.exec(inbound.target)?.[0] : undefined;
  return { inbound: id, ...(clicked !== undefined && { request: clicked }) };
}

/** The way out. */
export function observeChat(chat: Chat, telemetry: Telemetry): Chat {
  const { platform } = chat;
  const send = <T extends { readonly kind: string }>(operation: string, work: () => Promise<T>) =>
    telemetry.step({ kind: "send", platform, operation }, { result: kindOf }, work);
  const share = chat.share?.bind(chat);
  return {
    platform,
    post: (request) => send("post", () => chat.post(request)),
    update: (request) => send("update", () => chat.update(request)),
    lookUp: (place, key) => send("look-up", () => chat.lookUp(place, key)),
    openDirect: (account) => send("open-direct", () => chat.openDirect(account)),
    ...(share && { share: (request) => send("share", () => share(request)) }),
  };
}

/** Azure, as the flow asks it. What is answered from memory is measured too. */
export function observeRouting(service: RoutingService, telemetry: Telemetry): RoutingService {
  const ask = <T>(operation: string, about: About, work: () => Promise<T>, result?: (value: T) => string) =>
    telemetry.step({ kind: "routing", operation }, { about, ...(result && { result }) }, work);
  return {
    find: (reference, options) => ask("find", {}, () => service.find(reference, options), kindOf),
    observe: (target, options) =>
      ask("observe", siteOf(target), () => service.observe(target, options), kindOf),
    inspectSubnet: (id, signal) => ask("inspect-subnet", {}, () => service.inspectSubnet(id, signal)),
    write: (request) =>
      ask("write", siteOf(request.observation.target), () => service.write(request), kindOf),
    editSetting: (request) =>
      ask("edit-setting", siteOf(request.observation.target), () => service.editSetting(request), kindOf),
    verify: (request) => ask("verify", siteOf(request.target), () => service.verify(request), kindOf),
    listPage: (request) => ask("list-page", {}, () => service.listPage(request), kindOf),
    readLegacy: (target, signal) =>
      ask("read-legacy", siteOf(target), () => service.readLegacy(target, signal)),
  };
}

function siteOf(target: ResolvedTarget): About {
  return { site: targetLabel(target) };
}
