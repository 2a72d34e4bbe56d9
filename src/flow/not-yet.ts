/** Understood, and not offered by this version: said as it is, never half done. */
export const notYet = {
  undo: "I cannot undo a change by myself yet; ask for the opposite change.",
  extend: "Temporary changes are not available yet, so there is none to extend.",
  end: "Temporary changes are not available yet, so there is none to end.",
} as const;
