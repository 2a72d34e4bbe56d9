/** Slack's forms (modals): a dialog with the view's blocks, its inputs and the errors that came back. */
import { post } from "../control.js";
import { el } from "../dom.js";
import { attempt, notify } from "../notices.js";
import { drawBlocks } from "./block-kit.js";

export function showForms(world) {
  const open = new Map();
  const sync = () => {
    for (const modal of world.state.modals) update(modal);
  };

  function update(modal) {
    const shown = open.get(modal.id);
    if (modal.state === "closed" || modal.person !== world.state.as) {
      shown?.dialog.close();
      open.delete(modal.id);
      return;
    }
    if (shown === undefined) open.set(modal.id, openForm(modal, world));
    else shown.change(modal);
  }

  world.on("modal", update);
  world.on("world", () => {
    for (const { dialog } of open.values()) dialog.remove();
    open.clear();
    sync();
  });
}

function openForm(first, world) {
  const { as } = world.state;
  const name = world.person(as)?.name ?? as;
  const typed = {};
  let modal = first;
  const dialog = el("dialog", {
    class: "slack-form",
    "aria-labelledby": `title-${modal.id}`,
    oncancel: dismiss,
  });

  async function submit(event) {
    event.preventDefault();
    const answer = await attempt(() =>
      post("/api/modals/submit", { modalId: modal.id, as, values: { ...typed } }),
    );
    if (answer?.problem) notify(answer.problem, "problem");
  }

  function dismiss() {
    attempt(() => post("/api/modals/close", { modalId: modal.id, as }));
  }

  function draw() {
    const { view, errors } = modal;
    const input = (block) =>
      drawInput(block, { typed, error: errors[block.block_id], people: world.state.people });
    dialog.replaceChildren(
      el(
        "form",
        { onsubmit: submit, novalidate: true },
        el("h2", { id: `title-${modal.id}` }, view.title.text),
        el("p", { class: "form-person" }, `${name} is filling this in`),
        drawBlocks(view.blocks, { world, input, click: () => undefined }),
        el(
          "div",
          { class: "form-buttons" },
          el(
            "button",
            { type: "button", class: "slack-button", onclick: dismiss },
            view.close?.text ?? "Close",
          ),
          view.submit && el("button", { type: "submit", class: "slack-button primary" }, view.submit.text),
        ),
      ),
    );
    (dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("input, textarea, select"))?.focus();
  }

  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
  return {
    dialog,
    change(next) {
      modal = next;
      draw();
    },
  };
}

function drawInput(block, { typed, error, people }) {
  const { element, block_id: id, label, hint, optional } = block;
  const field = `input-${id}`;
  const describedBy = [hint && `${field}-hint`, error && `${field}-error`].filter(Boolean).join(" ");
  return el(
    "div",
    { class: error ? "form-field invalid" : "form-field" },
    el("label", { for: field }, label.text, optional && el("small", {}, " (optional)")),
    control(element, { id, field, typed, describedBy, error, people }),
    hint && el("p", { class: "hint", id: `${field}-hint` }, hint.text),
    error && el("p", { class: "error", id: `${field}-error`, role: "alert" }, error),
  );
}

function control(element, { id, field, typed, describedBy, error, people }) {
  const common = {
    id: field,
    "aria-describedby": describedBy || null,
    "aria-invalid": error ? "true" : null,
    oninput: (event) => {
      typed[id] = event.target.value;
    },
  };
  const given = typed[id] ?? element.initial_value ?? element.initial_date ?? "";
  switch (element.type) {
    case "plain_text_input": {
      const attributes = { ...common, placeholder: element.placeholder?.text, maxlength: element.max_length };
      if (element.multiline) return el("textarea", { ...attributes, rows: "4" }, given);
      return el("input", { ...attributes, type: "text", value: given });
    }
    case "datepicker":
      return el("input", { ...common, type: "date", value: given });
    default: {
      const options =
        element.type === "users_select"
          ? people.map(({ slackId, name }) => ({ value: slackId, text: { text: name } }))
          : (element.options ?? []);
      const chosen = typed[id] ?? element.initial_option?.value ?? element.initial_user;
      return el(
        "select",
        common,
        el("option", { value: "" }, element.placeholder?.text ?? "Choose"),
        ...options.map(({ value, text }) => el("option", { value, selected: value === chosen }, text.text)),
      );
    }
  }
}
