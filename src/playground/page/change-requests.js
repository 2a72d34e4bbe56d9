/** The change requests as the playground's journal shows them. */

const open = new Set(["pending", "approved", "applying", "verifying", "other"]);

export const isOpen = ({ state }) => open.has(state);

/** One entry per request, the oldest first: its latest state, title and everything that was seen of it. */
export function changeRequestsOf(journal) {
  const requests = Map.groupBy(journal, ({ request }) => request);
  return [...requests]
    .map(([id, entries]) => {
      const card = entries.findLast(({ kind }) => kind === "card");
      const asked = entries.find(({ kind }) => kind === "asked");
      return {
        id,
        entries,
        title: card?.title,
        state: card?.state,
        words: card?.text,
        askedBy: asked?.person,
      };
    })
    .filter(({ title }) => title !== undefined);
}
