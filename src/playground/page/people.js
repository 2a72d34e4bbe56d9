/** Choosing who you are: a group of radio buttons, one a person. */
import { avatar, el } from "./dom.js";

export function startPeople(fieldset, world, choose) {
  world.on("world", ({ people, as }) => {
    const legend = fieldset.querySelector("legend");
    fieldset.replaceChildren(legend, ...people.map((person) => option(person, as)));
  });

  function option({ id, name, role }, as) {
    const input = el("input", {
      type: "radio",
      name: "person",
      value: id,
      checked: id === as,
      onchange: () => choose(id),
    });
    return el(
      "label",
      { class: "person", title: role },
      input,
      avatar({ kind: "person", person: id }, name),
      el("span", { class: "person-name" }, name.split(" ")[0], el("small", {}, role)),
    );
  }
}
