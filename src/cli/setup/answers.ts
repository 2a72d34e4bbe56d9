import type { SignIn } from "./ask-azure.ts";
import type { Chats } from "./ask-chats.ts";
import type { EnvironmentFile } from "./ask-variable.ts";

export type Place = "host" | "container" | "app-service";

/** What the operator wants, of what the questions are about. */
export type Answers = {
  readonly chats: Chats;
  /** Host name that browsers and chats reach; "" where nothing has to. */
  readonly host: string;
  /** Text of the policy file; `keep`: the one that is there. */
  readonly policy: string | "keep";
} & (
  | {
      readonly place: "host" | "container";
      readonly signIn: SignIn;
      readonly variables: EnvironmentFile;
    }
  /** Its settings come from infra/, whose parameters are set with `azd env set`. */
  | { readonly place: "app-service"; readonly parameters: Readonly<Record<string, string>> }
);

/** What is there before the first question. */
export type Found = {
  /** The variables of the `.env` file. */
  readonly known: EnvironmentFile;
  readonly hasPolicy: boolean;
  /** Entra object id of the person with an e-mail address; nothing when it cannot be found out here. */
  readonly accountOf: (email: string) => Promise<string | undefined>;
};
