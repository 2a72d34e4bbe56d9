/** Showing the page in the person's browser, where there is one. */
import { spawn } from "node:child_process";

/** Never fails: the address is printed anyway. */
export function openBrowser(url: string): void {
  const [command, ...before] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  if (command === undefined) return;
  const opener = spawn(command, [...before, url], { stdio: "ignore", detached: true });
  opener.once("error", () => undefined);
  opener.unref();
}
