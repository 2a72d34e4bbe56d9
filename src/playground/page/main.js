/** Puts the page together: one person's world, the parts that show it, and what is chosen. */
import { startAzurePanel } from "./azure/azure-panel.js";
import { startConversation } from "./chat/conversation.js";
import { showForms } from "./chat/slack-form.js";
import { startNotices } from "./notices.js";
import { startPeople } from "./people.js";
import { startPlaces } from "./places.js";
import { createWorldClient } from "./world-client.js";

const byId = (id) => document.getElementById(id);
const kept = { as: "routebot.as", place: "routebot.place" };

const world = createWorldClient();
startPeople(byId("people"), world, (as) => {
  localStorage.setItem(kept.as, as);
  world.become(as);
});
const conversation = startConversation(byId("conversation"), world);
startPlaces(byId("places"), world, (place) => {
  localStorage.setItem(kept.place, `${place.platform}:${place.alias}`);
  conversation.show(place);
  showPane("chat");
});
startNotices({ notices: byId("notices"), botState: byId("bot-state") }, world);
startAzurePanel(byId("azure"), world);
showForms(world);

/** At phone width one part is shown at a time. */
function showPane(name) {
  document.body.dataset.shown = name;
  for (const button of document.querySelectorAll("[data-pane]")) {
    button.setAttribute("aria-pressed", String(button.dataset.pane === name));
  }
}
for (const button of document.querySelectorAll("[data-pane]")) {
  button.addEventListener("click", () => showPane(button.dataset.pane));
}
showPane("chat");

await world.become(localStorage.getItem(kept.as) ?? "robin");
const wanted = localStorage.getItem(kept.place) ?? "teams:on-call";
const places = world.state.conversations;
conversation.show(places.find(({ platform, alias }) => `${platform}:${alias}` === wanted) ?? places[0]);
