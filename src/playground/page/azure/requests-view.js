/** What the bot asked Azure Resource Manager, newest first, with bodies. */
import { get, remove } from "../control.js";
import { clock, el } from "../dom.js";
import { attempt } from "../notices.js";

const kept = 200;

export function createRequestsView() {
  const list = el("ol", { class: "requests", "aria-label": "Requests to Azure, newest first" });
  const writesOnly = el("input", { type: "checkbox", id: "writes-only", onchange: () => draw() });
  const signIns = el("input", { type: "checkbox", id: "sign-ins", onchange: () => draw() });
  const element = el(
    "div",
    {},
    el(
      "div",
      { class: "filter row" },
      el("label", {}, writesOnly, "writes only"),
      el("label", {}, signIns, "sign-ins too"),
      el("button", { type: "button", class: "quiet", onclick: clear }, "Clear"),
    ),
    list,
  );
  let requests = [];

  async function refresh() {
    requests = (await attempt(() => get("/api/azure/requests"))) ?? [];
    draw();
  }

  async function clear() {
    await attempt(() => remove("/api/azure/requests"));
    requests = [];
    draw();
  }

  const wanted = ({ surface, method }) =>
    (surface === "arm" || signIns.checked) && (!writesOnly.checked || !["GET", "HEAD"].includes(method));

  function draw() {
    const shown = requests.filter(wanted).slice(-kept).reverse();
    list.replaceChildren(...shown.map(drawRequest));
    if (shown.length === 0) list.append(el("li", { class: "nothing" }, "Nothing was asked yet."));
  }

  function add(request) {
    requests = [...requests, request].slice(-kept * 2);
    if (!wanted(request)) return;
    list.querySelector(".nothing")?.remove();
    list.prepend(drawRequest(request));
  }

  return {
    element,
    refresh,
    onAzure(event) {
      if (event.kind === "reset") refresh();
      if (event.kind !== "request") return false;
      add(event.request);
      return wanted(event.request);
    },
  };
}

function drawRequest(request) {
  const {
    method,
    path,
    status,
    site,
    route,
    fault,
    durationMs,
    time,
    requestBody,
    responseBody,
    apiVersion,
  } = request;
  const outcome = status === null ? request.end : String(status);
  const bad = status === null || status >= 400;
  return el(
    "li",
    {},
    el(
      "details",
      { class: "request" },
      el(
        "summary",
        {},
        el("span", { class: `method ${method.toLowerCase()}` }, method),
        el(
          "span",
          { class: "what" },
          site ?? "",
          " ",
          el("small", {}, route ?? path.split("/").slice(-2).join("/")),
        ),
        fault !== null && el("span", { class: "fault" }, fault),
        el("span", { class: bad ? "status bad" : "status" }, outcome),
        el("time", { datetime: time }, clock(time)),
      ),
      el(
        "p",
        { class: "path" },
        path,
        apiVersion && el("small", {}, ` api-version ${apiVersion}`),
        ` · ${durationMs} ms`,
      ),
      body("Sent", requestBody),
      body("Answered", responseBody),
    ),
  );
}

function body(title, json) {
  if (json === null || json === undefined) return null;
  const text = typeof json === "string" ? json : JSON.stringify(json, null, 2);
  return el("div", { class: "json" }, el("h4", {}, title), el("pre", { tabindex: "0" }, text));
}
