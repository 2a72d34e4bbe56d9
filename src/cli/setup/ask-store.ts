import type { Place } from "./answers.ts";
import { askVariable, type EnvironmentFile } from "./ask-variable.ts";
import type { Asker } from "./asker.ts";

/** Where Routebot keeps what it must not forget, and what proves that nobody changed it. */
export async function askStore(ask: Asker, known: EnvironmentFile, place: Place): Promise<EnvironmentFile> {
  const kind = await ask.choose({
    at: "store",
    text: "Where it keeps requests and the audit",
    options: [
      { value: "embedded", label: "On this machine", hint: "one process, a local disk" },
      { value: "postgres", label: "In PostgreSQL 15 or later", hint: "any number of processes" },
    ],
    initial: known.DATABASE_URL === undefined ? "embedded" : "postgres",
  });
  const store = kind === "postgres" ? await askPostgres(ask, known) : await askFolder(ask, known, place);
  // The embedded store makes a key of its own; replicas on PostgreSQL must share one.
  const key =
    kind === "postgres" && known.ROUTEBOT_AUDIT_KEY === undefined
      ? await askVariable(ask, known, {
          name: "ROUTEBOT_AUDIT_KEY_FILE",
          text: "File with the key that signs the audit",
          hint: "The same on every replica. One that is not there is made now.",
          initial: "audit-key.pem",
        })
      : {};
  const anchor = await askVariable(ask, known, {
    name: "ROUTEBOT_AUDIT_ANCHOR_FILE",
    text: "File that signed heads of the audit are added to",
    hint: "Best on another disk, or a share that only grows: whoever owns the database cannot change it there",
    initial: "",
  });
  return { ...store, ...key, ...anchor };
}

async function askFolder(ask: Asker, known: EnvironmentFile, place: Place): Promise<EnvironmentFile> {
  // The image has a volume there.
  if (place === "container") return { ROUTEBOT_DATA_DIR: known.ROUTEBOT_DATA_DIR ?? "/data" };
  return askVariable(ask, known, {
    name: "ROUTEBOT_DATA_DIR",
    text: "Folder for it, on a local disk",
    initial: ".routebot",
  });
}

async function askPostgres(ask: Asker, known: EnvironmentFile): Promise<EnvironmentFile> {
  const auth = await ask.choose({
    at: "ROUTEBOT_DATABASE_AUTH",
    text: "How it signs in to the database",
    options: [
      { value: "password", label: "With the password in the address" },
      { value: "entra", label: "With its Azure identity", hint: "no password" },
    ],
    initial: known.ROUTEBOT_DATABASE_AUTH === "entra" ? "entra" : "password",
  });
  const url = await askVariable(ask, known, {
    name: "DATABASE_URL",
    text: "Address of the database",
    hint: "postgres://USER:PASSWORD@HOST/DATABASE; with an Azure identity without the password",
  });
  return { ...url, ROUTEBOT_DATABASE_AUTH: auth };
}
