import { z } from "zod";
import type { StepUp } from "../../../domain/change/step-up.ts";
import type { SignInSecrets } from "../../../ports/step-ups.ts";
import { requestId } from "./change-request-record.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";
import { account, person } from "./plan-record.ts";

const stepUp = z.strictObject({
  id: z.string(),
  request: requestId,
  person,
  account,
  surface: z.enum(["button", "text"]),
  fingerprint: z.string(),
  expiresAt: instant,
});

const signIn = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

true satisfies SameFields<z.output<typeof stepUp>, StepUp>;
true satisfies SameFields<z.output<typeof signIn>, SignInSecrets>;

/** An approval that waits for its sign-in, and what that sign-in has to match, as the table keeps them. */
export const stepUpRecord: JsonText<StepUp> = jsonText(1, stepUp);
export const signInRecord: JsonText<SignInSecrets> = jsonText(1, signIn);
