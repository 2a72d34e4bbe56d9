/** The app registration that people sign in with for an approval, and where they come back to. */
export type StepUpSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The OpenID issuer of the one tenant whose people sign in: `https://login.microsoftonline.com/TENANT/v2.0`. */
  readonly issuer: string;
  /** Origin under which browsers reach this process: https, without a slash at its end. */
  readonly publicUrl: string;
};

export const startPath = "/step-up/start";
export const callbackPath = "/step-up/callback";
