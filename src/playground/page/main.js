/** Puts the page together: one person's world, the parts that show it, and what is chosen. */
import { startAzurePanel } from "./azure/azure-panel.js";
import { startConversation } from "./chat/conversation.js";
import { showForms } from "./chat/slack-form.js";
import { startGuide } from "./guide.js";
import { startNotices } from "./notices.js";
import { startPeople } from "./people.js";
import { startPlaces } from "./places.js";
import { startSide } from "./side.js";
import { createWorldClient } from "./world-client.js";

const byId = (id) => document.getElementById(id);
const kept = { as: "routebot.as", place: "routebot.place", beside: "routebot.beside" };

const world = createWorldClient();
let current;
const side = startSide(byId("side"), () => world.state.people);
/** Until their world is there, what is shown is still the other person's. */
const becomePerson = (as) => {
  localStorage.setItem(kept.as, as);
  byId("conversation").setAttribute("aria-busy", "true");
  return world.become(as).finally(() => byId("conversation").removeAttribute("aria-busy"));
};
startPeople(byId("people"), world, becomePerson);
const conversation = startConversation(byId("conversation"), world, {
  id: "composer",
  offers: true,
  onShow(place) {
    current = place;
    markPlace(place);
    side.follow(world.state.as, place);
  },
});
const markPlace = startPlaces(byId("places"), world, (place) => {
  localStorage.setItem(kept.place, `${place.platform}:${place.alias}`);
  conversation.show(place);
  showPane("chat");
});
startNotices({ notices: byId("notices"), botState: byId("bot-state") }, world);
const showPart = startAzurePanel(byId("azure"), world);
showForms(world);
const showGuide = startGuide(byId("guide"), world, {
  say(text) {
    showPane("chat");
    conversation.say(text);
  },
  become: becomePerson,
  decide(request) {
    showPane("chat");
    conversation.showButtons(request);
  },
  show(part) {
    showPane("azure");
    // Where there is no room for both.
    if (getComputedStyle(byId("azure")).display === "none") setBeside(false);
    showPart(part);
  },
  async beside(request) {
    await setBeside(true);
    showPane("side");
    if (request !== undefined) side.showButtons(request);
  },
});
byId("show-guide").addEventListener("click", showGuide);

/** At phone width one part is shown at a time. */
function showPane(name) {
  document.body.dataset.shown = name;
  for (const button of document.querySelectorAll("[data-pane]")) {
    button.setAttribute("aria-pressed", String(button.dataset.pane === name));
  }
}
for (const button of document.querySelectorAll("[data-pane]")) {
  button.addEventListener("click", () => {
    if (button.dataset.pane === "side" && !isBeside()) setBeside(true);
    showPane(button.dataset.pane);
  });
}
showPane("chat");

const isBeside = () => document.body.classList.contains("beside");

async function setBeside(wanted) {
  localStorage.setItem(kept.beside, String(wanted));
  document.body.classList.toggle("beside", wanted);
  byId("beside").setAttribute("aria-pressed", String(wanted));
  if (!wanted) {
    side.close();
    if (document.body.dataset.shown === "side") showPane("chat");
    return;
  }
  await side.open(world.state.as, current);
}
byId("beside").addEventListener("click", () => setBeside(!isBeside()));

await world.become(localStorage.getItem(kept.as) ?? "robin");
const wanted = localStorage.getItem(kept.place) ?? "teams:on-call";
const places = world.state.conversations;
conversation.show(places.find(({ platform, alias }) => `${platform}:${alias}` === wanted) ?? places[0]);
if (localStorage.getItem(kept.beside) === "true") await setBeside(true);
