/** What somebody is typing into a card outlives its being drawn anew. */

const fieldsIn = (element) => [...element.querySelectorAll("input, textarea, select")];
const nameOf = (field) =>
  `${field.tagName} ${field.type} ${field.getAttribute("aria-label") ?? field.placeholder}`;

/** Returns what puts everything typed so far into `fresh`, once that stands in the place of `old`. */
export function keepTyped(old) {
  const open = [...old.querySelectorAll("button[aria-expanded=true]")].map(({ textContent }) => textContent);
  const typed = fieldsIn(old).map((field) => ({
    name: nameOf(field),
    value: field.value,
    isFocused: field === document.activeElement,
    selection: "selectionStart" in field ? [field.selectionStart, field.selectionEnd] : undefined,
  }));
  return (fresh) => {
    for (const button of fresh.querySelectorAll("button[aria-expanded=false]"))
      if (open.includes(button.textContent)) button.click();
    const fields = fieldsIn(fresh);
    // A card with another form is another question.
    if (fields.map(nameOf).join() !== typed.map(({ name }) => name).join()) return;
    for (const [index, { value, isFocused, selection }] of typed.entries()) {
      const field = fields[index];
      if (value !== field.value) {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (!isFocused) continue;
      field.focus({ preventScroll: true });
      if (selection?.[0] != null) field.setSelectionRange(...selection);
    }
  };
}
