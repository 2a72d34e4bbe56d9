import type { Choice } from "../ports/change-requests.ts";
import { choiceView } from "../reply/choice-view.ts";
import type { Message } from "./answer-message.ts";
import { askPerson } from "./ask-person.ts";
import type { Flow } from "./flow.ts";

/** More buttons than this do not fit on a card in Teams, beside the one for none of them. */
export const choiceLimit = 5;

export type Question = {
  readonly question: string;
  /** The most likely first. Those over the limit are not offered: `hint` says what to write instead. */
  readonly choices: readonly OfferedChoice[];
  readonly hint?: string;
};

/** `where` tells choices of one name apart. */
export type OfferedChoice = Choice & { readonly where?: string };

/**
 * Asks the sender of a message which of several complete commands they mean, and records that as the message's answer. What
 * they choose is carried out as if they had written it; nothing is ever chosen for them.
 */
export async function askToChoose(flow: Flow, message: Message, asked: Question): Promise<undefined> {
  const offered = asked.choices.slice(0, choiceLimit);
  const { question, hint } = asked;
  return askPerson(flow, message, {
    asks: {
      kind: "choice",
      place: message.place,
      choices: offered.map(({ label, command }) => ({ label, command })),
    },
    view: ({ id, person, expiresAt }) =>
      choiceView({
        question,
        choices: offered.map(({ label, where }, index) => ({
          id: choiceId(id, index),
          label,
          ...(where === undefined ? {} : { where }),
        })),
        dismissId: id,
        name: person.name,
        until: expiresAt,
        ...(hint !== undefined && offered.length < asked.choices.length ? { hint } : {}),
      }),
  });
}

/** The id that a button carries: nothing but a look-up in the question that was stored. */
function choiceId(prompt: string, index: number): string {
  return `${prompt}.${index}`;
}

/** Question and choice that a button means; `undefined` if it is none of ours. */
export function readChoiceId(id: string): { readonly prompt: string; readonly index: number } | undefined {
  const [, prompt, index] = /^(.+)\.(\d)$/.exec(id) ?? [];
  return prompt === undefined ? undefined : { prompt, index: Number(index) };
}
