/** Slack's Block Kit, drawn by us. Anything unknown is shown as such rather than left out. */
import { el } from "../dom.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { drawRichText } from "./rich-text.js";

/** `click(key, inputs)` gets the element's path in the blocks, which is its key in the control API. */
export function drawBlocks(blocks, context) {
  return el(
    "div",
    { class: "blocks" },
    ...blocks.map((block, index) => drawBlock(block, { ...context, path: String(index) })),
  );
}

function drawBlock(block, context) {
  switch (block.type) {
    case "header":
      return el("h3", { class: "block-header" }, block.text.text);
    case "divider":
      return el("hr");
    case "section":
      return el(
        "div",
        { class: "block-section" },
        el(
          "div",
          { class: "section-words" },
          block.text && el("div", { class: "section-text" }, textOf(block.text, context)),
          block.fields &&
            el(
              "div",
              { class: "fields" },
              ...block.fields.map((field) => el("div", {}, textOf(field, context))),
            ),
        ),
        block.accessory && drawElement(block.accessory, { ...context, path: `${context.path}.accessory` }),
      );
    case "context":
      return el(
        "div",
        { class: "block-context" },
        ...block.elements.map((element) =>
          element.type === "image" ? picture(element) : el("span", {}, textOf(element, context)),
        ),
      );
    case "actions":
      return el(
        "div",
        { class: "block-actions" },
        ...block.elements.map((element, index) =>
          drawElement(element, { ...context, path: `${context.path}.elements.${index}` }),
        ),
      );
    case "image":
      return el("figure", {}, picture(block));
    case "rich_text":
      return el("div", { class: "rich-text" }, ...block.elements.map((part) => drawRichText(part, context)));
    case "markdown":
      return el("div", { class: "section-text" }, ...markdown(block.text));
    case "input":
      return context.input(block);
    default:
      return el("p", { class: "unknown" }, `[${block.type}]`);
  }
}

/** Plain text is shown as it is; mrkdwn is read. */
export function textOf(text, { world }) {
  if (text.type === "mrkdwn") return mrkdwn(text.text, world);
  return text.text.split("\n").flatMap((line, index) => [index > 0 && el("br"), line]);
}

const picture = ({ image_url, alt_text }) => el("img", { src: image_url, alt: alt_text });

function drawElement(element, context) {
  switch (element.type) {
    case "button":
      return button(element, context);
    case "static_select":
    case "radio_buttons":
    case "overflow":
      return menu(element, context);
    case "image":
      return picture(element);
    default:
      return el("span", { class: "unknown" }, `[${element.type}]`);
  }
}

function button(element, { click, path }) {
  const run = async (event) => {
    const pressed = event.currentTarget;
    if (element.url) window.open(element.url, "_blank", "noreferrer");
    if (element.confirm && !(await confirmed(element.confirm))) return;
    pressed.setAttribute("aria-busy", "true");
    await click(path, {});
    pressed.removeAttribute("aria-busy");
  };
  return el(
    "button",
    {
      type: "button",
      class: `slack-button ${element.style ?? ""}`,
      "aria-label": element.accessibility_label,
      onclick: run,
    },
    element.text.text,
  );
}

function menu(element, { click, path }) {
  const words = element.placeholder?.text ?? "Choose";
  return el(
    "select",
    {
      class: "slack-select",
      "aria-label": words,
      onchange: (event) => click(path, { value: event.target.value }),
    },
    el("option", { value: "", disabled: true, selected: true }, words),
    ...element.options.map(({ text, value }) => el("option", { value }, text.text)),
  );
}

/** Slack's confirmation dialog; resolves to whether it was confirmed. */
function confirmed({ title, text, confirm, deny }) {
  return new Promise((resolve) => {
    const dialog = el(
      "dialog",
      {
        class: "slack-form",
        "aria-labelledby": "confirm-title",
        onclose: () => finish(dialog.returnValue === "yes"),
      },
      el(
        "form",
        { method: "dialog" },
        el("h2", { id: "confirm-title" }, title.text),
        el("p", {}, text.text),
        el(
          "div",
          { class: "form-buttons" },
          el("button", { value: "no", class: "slack-button" }, deny.text),
          el("button", { value: "yes", class: "slack-button primary" }, confirm.text),
        ),
      ),
    );
    const finish = (answer) => {
      dialog.remove();
      resolve(answer);
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}
