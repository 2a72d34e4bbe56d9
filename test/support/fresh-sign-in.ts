import type { FreshSignIn, SignInResult } from "../../src/ports/step-ups.ts";

/** Sign-ins of a directory in memory: each one is who the test says. */
export class MemorySignIn implements FreshSignIn {
  /** What the next ones prove. */
  result: SignInResult | (() => SignInResult) = { kind: "failed", why: "nobody signed in" };
  reachable = true;
  #count = 0;

  linkTo(stepUp: string): string {
    return `https://routebot.example/step-up/start?id=${stepUp}`;
  }
  async begin() {
    if (!this.reachable) throw new Error("away");
    this.#count += 1;
    const state = `state-${this.#count}`;
    return { url: `https://login.example/?state=${state}`, secrets: { state, nonce: "n", verifier: "v" } };
  }
  async finish(): Promise<SignInResult> {
    return typeof this.result === "function" ? this.result() : this.result;
  }
}
