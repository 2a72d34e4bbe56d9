/** The playground cannot start, for a reason that the person at the keyboard can do something about: one clear sentence. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartRefused";
  }
}
