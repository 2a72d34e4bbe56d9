/** How the states of a change request are called on the page. */
const titles = new Map([
  ["pending", "Waiting"],
  ["approved", "Approved"],
  ["applying", "Applying"],
  ["verifying", "Verifying"],
  ["confirmed", "Confirmed"],
  ["rejected", "Rejected"],
  ["cancelled", "Cancelled"],
  ["expired", "Expired"],
  ["stale", "Out of date"],
  ["failed", "Failed"],
  ["other", "Other"],
]);

export const titleOf = (state) => titles.get(state) ?? state;
