/** One person's view of the world, kept up to date by server-sent events. */
import { get } from "./control.js";

const empty = {
  seq: 0,
  as: "robin",
  people: [],
  conversations: [],
  messages: [],
  modals: [],
  notes: [],
  journal: [],
  audit: [],
  bot: null,
};

/**
 * `on(kind, listener)` tells of `world` (everything is new), `message`, `conversations`, `modal`, `note`, `journal`, `audit`,
 * `bot`, `azure` and `connection`; the state is up to date by then.
 */
export function createWorldClient() {
  const target = new EventTarget();
  const client = {
    state: { ...empty },
    on(kind, listener) {
      target.addEventListener(kind, (event) => listener(event.detail));
    },
    become,
    /** Ends the connection; the state stays as it is. */
    leave() {
      wanted = undefined;
      events?.close();
    },
    message: ({ platform, conversation, id }) =>
      client.state.messages.find(
        (m) => m.id === id && m.platform === platform && m.conversation === conversation,
      ),
    /** The name behind a Slack user id of the playground, the bot's included. */
    slackName: (id) =>
      client.state.people.find(({ slackId }) => slackId === id)?.name ??
      (id === "U0ROUTEBOT" ? "Routebot" : undefined),
    person: (id) => client.state.people.find((person) => person.id === id),
  };
  let events;
  let wanted;

  const tell = (kind, detail) => target.dispatchEvent(new CustomEvent(kind, { detail }));
  const upsert = (list, item, same) => {
    const at = list.findIndex((other) => same(other, item));
    if (at === -1) list.push(item);
    else list[at] = item;
  };

  async function load(as) {
    const state = await get(`/api/world?as=${as}`);
    // Somebody else was chosen meanwhile.
    if (as !== wanted) return;
    client.state = state;
    tell("world", client.state);
    tell("bot", client.state.bot);
  }

  async function become(as) {
    wanted = as;
    events?.close();
    await load(as);
    if (as !== wanted) return;
    const source = new EventSource(`/api/events?as=${as}&after=${client.state.seq}`);
    events = source;
    source.addEventListener("change", (event) => apply(JSON.parse(event.data), as));
    source.addEventListener("azure", (event) => tell("azure", JSON.parse(event.data)));
    source.addEventListener("open", () => tell("connection", true));
    source.addEventListener("error", () => tell("connection", false));
  }

  function apply(change, as) {
    const { state } = client;
    state.seq = change.seq;
    switch (change.kind) {
      case "message":
        upsert(
          state.messages,
          change.message,
          (a, b) => a.id === b.id && a.conversation === b.conversation && a.platform === b.platform,
        );
        state.conversations = change.conversations;
        tell("message", change.message);
        tell("conversations", state.conversations);
        break;
      case "read":
        state.conversations = change.conversations;
        tell("conversations", state.conversations);
        break;
      case "modal":
        upsert(state.modals, change.modal, (a, b) => a.id === b.id);
        tell("modal", change.modal);
        break;
      case "note":
        state.notes.push(change.note);
        state.bot = change.bot;
        tell("note", change.note);
        tell("bot", change.bot);
        break;
      case "journal":
        state.journal.push(change.entry);
        tell("journal", change.entry);
        break;
      case "audit":
        upsert(state.audit, change.record, (a, b) => a.seq === b.seq);
        state.audit.sort((a, b) => a.seq - b.seq);
        tell("audit", change.record);
        break;
      case "reset":
        load(as);
        break;
    }
  }

  return client;
}
