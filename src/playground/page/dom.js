/** Building elements. Text always goes in as text: nothing here takes markup. */

/**
 * An element with attributes (`class`, `aria-…`, …), properties (functions become listeners: `onclick`) and children
 * (elements, strings; null, undefined and false are left out).
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(key, "");
    else element.setAttribute(key, String(value));
  }
  const shown = children.flat(Number.POSITIVE_INFINITY).filter((child) => (child ?? false) !== false);
  element.append(...shown);
  return element;
}

const timeOfDay = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** A local time such as 14:05. */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], timeOfDay);
}

/** A local time such as 14:05:31. */
export function clockSeconds(iso) {
  return new Date(iso).toLocaleTimeString([], { ...timeOfDay, second: "2-digit" });
}

export function initials(name) {
  return name
    .split(" ")
    .map((part) => part[0] ?? "")
    .join("")
    .slice(0, 2);
}

/** A person's or the bot's picture: the initials on a colour of their own. */
export function avatar(author, name) {
  if (author.kind === "bot") return el("img", { class: "avatar", src: "/icon.svg", alt: "" });
  const who = author.kind === "person" ? author.person : "platform";
  return el("span", { class: "avatar", "data-person": who, "aria-hidden": "true" }, initials(name) || "!");
}
