/**
 * The second net: nobody logs a secret on purpose, and what slips through is masked here, by the name of the field, by what
 * credentials look like, and by the secrets that this deployment is configured with.
 */

export const mask = "[redacted]";

const tellingNames =
  /authorization|cookie|credential|password|passwd|secret|signature|token|connection-?string/i;

const tellingShapes: readonly { readonly shape: RegExp; readonly becomes: string }[] = [
  // Header values of the schemes that carry a credential.
  { shape: /\b(Bearer|Basic|PoP)\s+[\w.~+/=-]{8,}/gi, becomes: `$1 ${mask}` },
  // JSON Web Tokens: three parts of base64url, the first two of which are JSON objects.
  { shape: /\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g, becomes: mask },
  // Slack's tokens: xoxb-, xoxp-, xapp- and their relatives.
  { shape: /\bx(ox[a-z]|app)-[\w-]{6,}/g, becomes: mask },
  // A password in an address.
  { shape: /(\w+:\/\/[^\s/:@]*:)[^\s@]+@/g, becomes: `$1${mask}@` },
  // The client secret and assertion of a token request.
  {
    shape: /\b(client_secret|client_assertion|access_token|refresh_token)=[^&\s"]+/gi,
    becomes: `$1=${mask}`,
  },
];

/** Makes a function that masks what must not be written in the value of a field; other values are left as they are. */
export function redactor(secrets: readonly string[]): <T>(name: string, value: T) => T | string {
  // A short or empty one would mask half of every line; longer ones first, so that none is cut by another one in it.
  const configured = secrets.filter((secret) => secret.length >= 6).sort((a, b) => b.length - a.length);

  const clean = (text: string): string => {
    let result = text;
    for (const secret of configured) result = result.replaceAll(secret, mask);
    for (const { shape, becomes } of tellingShapes) result = result.replace(shape, becomes);
    return result;
  };
  return (name, value) => {
    if (typeof value !== "string") return value;
    return tellingNames.test(name) ? mask : clean(value);
  };
}
