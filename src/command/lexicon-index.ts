import { distance } from "fastest-levenshtein";
import { keptWords } from "./kept-words.ts";
import { type ActVerb, actVerbs, type Role, type VerbClass, verbClasses, verbs, words } from "./lexicon.ts";

/** The form a verb was written in. Only `base` and, in a frame such as "would you mind", `ing` ask for something. */
export type VerbForm = "base" | "past" | "ing" | "third";

/** A verb as it stands in a sentence. `on` is the direction that the verb has by itself. */
export type VerbSense = { lemma: string; class: VerbClass; on?: boolean; forms: ReadonlySet<VerbForm> };

/** A verb about a change request or a freeze. */
export type ActSense = { act: ActVerb; form: VerbForm };

/** What the lexicon knows of one word or idiom. */
export type Entry = { roles: ReadonlySet<Role>; verb?: VerbSense; act?: ActSense };

type Draft = { roles: Set<Role>; verb?: VerbSense & { forms: Set<VerbForm> }; act?: ActSense };
type Slot = { choices: ReadonlySet<string>; optional: boolean };
type Idiom = { role: Role; slots: readonly Slot[] };

const drafts = new Map<string, Draft>();
const idioms: Idiom[] = [];

/** Idioms by their first word: those whose second word is fixed by that word too, and the others. */
type IdiomsAt = { bySecond: Map<string, Idiom[]>; open: Idiom[] };
const idiomsByFirst = new Map<string, IdiomsAt>();

function draftOf(word: string): Draft {
  let draft = drafts.get(word);
  if (draft === undefined) {
    draft = { roles: new Set() };
    drafts.set(word, draft);
  }
  return draft;
}

function regularForm(base: string, form: VerbForm): string {
  const silentE = base.endsWith("e");
  if (form === "past") return silentE ? `${base}d` : `${base}ed`;
  if (form === "ing") return silentE ? `${base.slice(0, -1)}ing` : `${base}ing`;
  return `${base}s`;
}

function readVerbs(): void {
  for (const [key, rows] of Object.entries(verbs)) {
    const [name, direction] = key.split(" ");
    const verbClass = verbClasses.find((one) => one === name);
    if (verbClass === undefined) throw new Error(`The lexicon has verbs of an unknown class: ${key}`);
    const sense = { class: verbClass, ...(direction === "-" ? {} : { on: direction === "on" }) };
    for (const row of rows.split(/[;\n]/)) {
      const [base = "", ...irregular] = row.trim().split(/\s+/);
      const add = (word: string, form: VerbForm) => {
        const draft = draftOf(word);
        draft.verb ??= { lemma: base, forms: new Set(), ...sense };
        draft.verb.forms.add(form);
      };
      add(base, "base");
      for (const [index, form] of (["past", "ing", "third"] as const).entries()) {
        const given = irregular[index] ?? "-";
        const forms = given === "-" ? [regularForm(base, form)] : given.split(",");
        for (const word of forms) add(word, form);
      }
    }
  }
}

/** Irregular forms of the verbs about change requests. */
const actForms: Record<string, readonly [past: string, ing?: string, third?: string]> = {
  deny: ["denied", "denying", "denies"],
  withdraw: ["withdrew withdrawn"],
  cancel: ["cancelled canceled", "cancelling canceling"],
  freeze: ["froze frozen"],
  unfreeze: ["unfroze unfrozen"],
  undo: ["undid undone", "undoing", "undoes"],
  veto: ["vetoed", "vetoing", "vetoes"],
};

function isActVerb(name: string): name is ActVerb {
  return Object.hasOwn(actVerbs, name);
}

function isRole(name: string): name is Role {
  return Object.hasOwn(words, name);
}

function readActVerbs(): void {
  for (const [act, bases] of Object.entries(actVerbs)) {
    if (!isActVerb(act)) continue;
    for (const base of bases.split(" ")) {
      const add = (word: string, form: VerbForm) => {
        draftOf(word).act ??= { act, form };
      };
      add(base, "base");
      const [past, ing, third] = actForms[base] ?? [];
      for (const word of (past ?? regularForm(base, "past")).split(" ")) add(word, "past");
      for (const word of (ing ?? regularForm(base, "ing")).split(" ")) add(word, "ing");
      for (const word of (third ?? regularForm(base, "third")).split(" ")) add(word, "third");
    }
  }
}

function readIdiom(role: Role, line: string): void {
  const slots = line.split(/\s+/).map((text): Slot => {
    const optional = text.length > 1 && text.endsWith("?");
    return { choices: new Set((optional ? text.slice(0, -1) : text).split("|")), optional };
  });
  const idiom = { role, slots };
  idioms.push(idiom);
  for (const slot of slots) {
    for (const word of slot.choices) indexIdiom(idiom, word);
    if (!slot.optional) break;
  }
}

function indexIdiom(idiom: Idiom, first: string): void {
  let at = idiomsByFirst.get(first);
  if (at === undefined) {
    at = { bySecond: new Map(), open: [] };
    idiomsByFirst.set(first, at);
  }
  const [head, next] = idiom.slots;
  if (head?.optional === false && next?.optional === false) {
    for (const second of next.choices) addOnce(listIn(at.bySecond, second), idiom);
  } else addOnce(at.open, idiom);
}

function listIn(lists: Map<string, Idiom[]>, word: string): Idiom[] {
  const list = lists.get(word) ?? [];
  lists.set(word, list);
  return list;
}

function addOnce(list: Idiom[], idiom: Idiom): void {
  if (list.at(-1) !== idiom) list.push(idiom);
}

function readWords(): void {
  for (const [role, text] of Object.entries(words)) {
    if (!isRole(role)) continue;
    for (const line of text.split("\n").map((one) => one.trim())) {
      if (line.startsWith(">")) for (const idiom of line.slice(1).split(";")) readIdiom(role, idiom.trim());
      else for (const word of line.split(/\s+/)) if (word !== "") draftOf(word).roles.add(role);
    }
  }
}

readVerbs();
readActVerbs();
readWords();

const entries: ReadonlyMap<string, Entry> = drafts;
const kept = new Set(keptWords.split(/\s+/));

/** What the lexicon knows of a word as it is written; lower case. */
export function entryOf(word: string): Entry | undefined {
  return entries.get(word);
}

/** An idiom found in a list of words: how many words it has, and its roles. */
export type IdiomMatch = { length: number; roles: ReadonlySet<Role> };

/** The longest idiom that starts at `from`. `wordAt` gives lower-case words, `undefined` where an idiom must end. */
export function idiomAt(wordAt: (index: number) => string | undefined, from: number): IdiomMatch | undefined {
  const first = wordAt(from);
  const at = first === undefined ? undefined : idiomsByFirst.get(first);
  if (at === undefined) return undefined;
  const second = wordAt(from + 1);
  const closed = second === undefined ? undefined : at.bySecond.get(second);
  const best = longestOf(at.open, { wordAt, from }, undefined);
  return closed === undefined ? best : longestOf(closed, { wordAt, from }, best);
}

type Place = Pick<MatchRequest, "wordAt" | "from">;
type Longest = { length: number; roles: Set<Role> };

function longestOf(
  candidates: readonly Idiom[],
  place: Place,
  other: Longest | undefined,
): Longest | undefined {
  let best = other;
  for (const idiom of candidates) {
    const length = matchSlots({ idiom, ...place }, 0, 0);
    if (length === 0 || (best !== undefined && length < best.length)) continue;
    if (best === undefined || length > best.length) best = { length, roles: new Set([idiom.role]) };
    else best.roles.add(idiom.role);
  }
  return best;
}

type MatchRequest = { idiom: Idiom; wordAt: (index: number) => string | undefined; from: number };

function matchSlots(request: MatchRequest, slotIndex: number, taken: number): number {
  const slot = request.idiom.slots[slotIndex];
  if (slot === undefined) return taken;
  const word = request.wordAt(request.from + taken);
  if (word !== undefined && slot.choices.has(word)) {
    const rest = matchSlots(request, slotIndex + 1, taken + 1);
    if (rest > 0) return rest;
  }
  return slot.optional ? matchSlots(request, slotIndex + 1, taken) : 0;
}

// Slips of the finger: every word of the lexicon is indexed under itself with letters left out, so that looking a word
// up costs a few map reads and no walk over the lexicon.

const byDeletion = new Map<string, string[]>();

function deletionsOf(word: string, depth: number): Set<string> {
  const all = new Set([word]);
  let layer = [word];
  for (let step = 0; step < depth; step++) {
    const next: string[] = [];
    for (const one of layer) {
      for (let index = 0; index < one.length; index++) {
        const shorter = one.slice(0, index) + one.slice(index + 1);
        if (!all.has(shorter)) {
          all.add(shorter);
          next.push(shorter);
        }
      }
    }
    layer = next;
  }
  return all;
}

const shortestCorrected = 4;
const shortestTwice = 9;
const longestCorrected = 16;

function slipsAllowed(length: number): number {
  if (length < shortestCorrected || length > longestCorrected) return 0;
  return length >= shortestTwice ? 2 : 1;
}

const idiomWords = new Set(idioms.flatMap((idiom) => idiom.slots.flatMap((slot) => [...slot.choices])));
/** Words of ordinary English. Slips are forgiven in the words of this language only. */
const ordinary: ReadonlySet<Role> = new Set<Role>([
  "condition",
  "doubt",
  "later",
  "past",
  "reported",
  "takeBack",
  "told",
  "vague",
  "environment",
  "subject",
  "object",
  "be",
  "modal",
]);

/** Words of ordinary English with which people ask for something. */
const asking = new Set("somebody someone anybody anyone could would".split(" "));

/** Other languages' "no": too near to English words ("green", "keen") to be seen in a slip. */
const foreign = new Set("nein geen kein keine niet nicht nunca jamais ikke inte nada nope".split(" "));

function isOurs(word: string): boolean {
  if (asking.has(word)) return true;
  if (foreign.has(word)) return false;
  const entry = entries.get(word);
  if (entry === undefined || entry.verb !== undefined || entry.act !== undefined) return true;
  return entry.roles.size === 0 || [...entry.roles].some((role) => !ordinary.has(role));
}

for (const word of new Set([...entries.keys(), ...idiomWords])) {
  if (!isOurs(word)) continue;
  const slips = /^[a-z]+$/.test(word) ? slipsAllowed(word.length) : 0;
  if (slips === 0) continue;
  for (const key of deletionsOf(word, slips)) {
    const list = byDeletion.get(key);
    if (list === undefined) byDeletion.set(key, [word]);
    else list.push(word);
  }
}

function isSwap(typed: string, word: string): boolean {
  if (typed.length !== word.length || typed === word) return false;
  let index = 0;
  while (typed[index] === word[index]) index++;
  return (
    typed[index] === word[index + 1] &&
    typed[index + 1] === word[index] &&
    typed.slice(index + 2) === word.slice(index + 2)
  );
}

const swapped = 0.9;

function slipsBetween(typed: string, word: string): number {
  // Two letters swapped are likelier than another letter.
  return isSwap(typed, word) ? swapped : distance(typed, word);
}

/** Which way a word turns things; words that do not turn anything have no direction. */
function directionOf(word: string): string {
  const entry = entries.get(word);
  if (entry?.verb?.on !== undefined) return String(entry.verb.on);
  if (entry?.act !== undefined) return entry.act.act;
  if (entry?.roles.has("on")) return "true";
  if (entry?.roles.has("off")) return "false";
  if (entry?.roles.has("negation")) return "not";
  return "";
}

const corrections = new Map<string, string | undefined>();
const rememberedCorrections = 2_000;

/**
 * The word of the lexicon that was most likely meant by a word that is not in it. A correction is never made when a
 * word that turns the other way is about as near: "nroute" may be "route" or "unroute", so it is neither.
 */
export function correctionOf(typed: string): string | undefined {
  if (typed.length < shortestCorrected || typed.length > longestCorrected + 2) return undefined;
  if (kept.has(typed) || idiomWords.has(typed)) return undefined;
  const drawnOut = /(.)\1{2,}/.test(typed) ? shorten(typed) : undefined;
  if (drawnOut !== undefined) return drawnOut;
  const known = corrections.get(typed);
  if (known !== undefined || corrections.has(typed)) return known;
  const found = findCorrection(typed);
  if (corrections.size >= rememberedCorrections) corrections.clear();
  corrections.set(typed, found);
  return found;
}

/** Short words are near to many others: in those only a swapped, missing or doubled letter is forgiven. */
function isLikelySlip(typed: string, word: string, slips: number): boolean {
  const changesLetter = word.length === typed.length && !isSwap(typed, word);
  if (slips > slipsAllowed(word.length)) return false;
  if (changesLetter && Math.min(word.length, typed.length) <= shortestCorrected) return false;
  // The first letter is hardly ever wrong; it may be missing from a long word.
  return word[0] === typed[0] || isSwap(typed, word) || (word.length >= 6 && typed === word.slice(1));
}

/** "pleeease": a letter drawn out stands for one, or two. */
function shorten(typed: string): string | undefined {
  return [typed.replace(/(.)\1{2,}/g, "$1"), typed.replace(/(.)\1{2,}/g, "$1$1")].find((word) =>
    entries.has(word),
  );
}

function findCorrection(typed: string): string | undefined {
  const near = new Map<string, number>();
  for (const key of deletionsOf(typed, typed.length >= shortestTwice ? 2 : 1)) {
    for (const word of byDeletion.get(key) ?? []) {
      if (!near.has(word)) near.set(word, slipsBetween(typed, word));
    }
  }
  let best: string | undefined;
  let bestSlips = Number.POSITIVE_INFINITY;
  for (const [word, slips] of near) {
    if (!isLikelySlip(typed, word, slips) || slips >= bestSlips) continue;
    best = word;
    bestSlips = slips;
  }
  if (best === undefined) return undefined;
  const direction = directionOf(best);
  for (const [word, slips] of near) {
    const other = directionOf(word);
    if (other === direction) continue;
    const asLikely = slips <= bestSlips && isLikelySlip(typed, word, slips);
    const opposed = other !== "" && direction !== "" && slips <= bestSlips + 1;
    if (asLikely || opposed) return undefined;
  }
  return best;
}
