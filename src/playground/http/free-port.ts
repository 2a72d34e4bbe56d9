/** Finding out about ports that another process will listen on. */
import { createServer } from "node:net";
import { PortInUse } from "./port-in-use.ts";

/** The wanted port if it is free, or any free one for 0. Fails with {@link PortInUse}. */
export function reservePort(name: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      reject("code" in error && error.code === "EADDRINUSE" ? new PortInUse(name, wanted) : error);
    });
    probe.listen(wanted, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}
