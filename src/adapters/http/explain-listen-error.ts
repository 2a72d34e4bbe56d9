/** One sentence for people about why the address could not be had; the cause stays attached. */
export function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(
        `Port ${port} on ${host} is already in use: stop what uses it, or choose another port.`,
        {
          cause: error,
        },
      );
    case "EACCES":
      return new Error(
        `Not allowed to listen on ${where}: choose a port above 1023, or grant the right to use it.`,
        {
          cause: error,
        },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(
        `This machine has no address ${host}: choose one of its own, such as 127.0.0.1 or 0.0.0.0.`,
        {
          cause: error,
        },
      );
    default:
      return new Error(`Cannot listen on ${where} (${error.code ?? error.message}).`, { cause: error });
  }
}
