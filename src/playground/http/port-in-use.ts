/** A port that somebody else listens on; the message is for people. */
export class PortInUse extends Error {
  readonly port: number;

  constructor(name: string, port: number) {
    super(`Port ${port}, wanted for ${name}, is already in use; 0 takes any free one.`);
    this.name = "PortInUse";
    this.port = port;
  }
}
