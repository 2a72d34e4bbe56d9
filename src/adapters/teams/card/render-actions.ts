import {
  type ActionArray,
  ActionSet,
  type ActionStyle,
  AdaptiveCard,
  ExecuteAction,
  ShowCardAction,
  SubmitAction,
  TextInput,
} from "@microsoft/teams.cards";
import type { Action } from "../../../reply/view.ts";
import { inputId } from "./form-input.ts";
import { plainText } from "./plain-text.ts";
import { richText } from "./rich-text.ts";

/** The card and every form in it name the version that they need; Teams draws bots' cards up to 1.5. */
export const cardVersion = "1.5";

const styles = { primary: "positive", danger: "destructive" } as const satisfies Record<string, ActionStyle>;

/** In an `ActionSet`, where clients that do not know `Action.Execute` find its fallback; a card's own list drops it there. */
export function renderActions(actions: readonly Action[]): ActionSet[] {
  if (actions.length === 0) return [];
  const buttons: ActionArray = actions.map((action, index) =>
    action.form ? form(action, action.form, index) : button(action),
  );
  return [new ActionSet(...buttons)];
}

/** A press is an invoke whose answer is shown; in old clients a message (`Action.Submit`) whose answer is not. */
function button({ verb, id, style, title }: Pick<Action, "verb" | "id" | "style" | "title">): ExecuteAction {
  const look = { title: plainText(title), ...(style && { style: styles[style] }) };
  return new ExecuteAction({
    ...look,
    verb,
    data: { id },
    fallback: new SubmitAction({ ...look, data: { verb, id } }),
  });
}

function form(
  action: Action,
  { title, label, submit, required, maxLength }: NonNullable<Action["form"]>,
  index: number,
) {
  return new ShowCardAction({
    title: plainText(action.title),
    ...(action.style && { style: styles[action.style] }),
    card: new AdaptiveCard(
      richText([{ kind: "strong", text: title }]),
      new TextInput({
        id: inputId(index),
        label: plainText(label),
        isRequired: required,
        maxLength,
        errorMessage: `Please write something, at most ${maxLength} characters.`,
      }),
      ...renderActions([
        { verb: action.verb, id: action.id, title: submit, ...(action.style && { style: action.style }) },
      ]),
    ).withVersion(cardVersion),
  });
}
