/** Bolt's log lines in ours. Its debug lines hold whole payloads and are never written. */
import type { Logger, LogLevel } from "@slack/bolt";
import type { Log } from "../../ports/log.ts";

const mask = "[redacted]";

/** `level` is Bolt's constant for "info", passed in so that this file does not load the SDK. */
export function createBoltLog(log: Log, secrets: readonly string[], level: LogLevel): Logger {
  const line = (parts: readonly unknown[]) => ({ message: messageOf(parts, secrets) });
  return {
    debug: () => undefined,
    info: (...parts) => log.debug("slack-sdk", line(parts)),
    warn: (...parts) => log.warn("slack-sdk", line(parts)),
    error: (...parts) => log.warn("slack-sdk-error", line(parts)),
    setLevel: () => undefined,
    getLevel: () => level,
    setName: () => undefined,
  };
}

function messageOf(parts: readonly unknown[], secrets: readonly string[]): string {
  const message = parts
    .map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : String(part)))
    .join(" ")
    .slice(0, 500);
  return [...secrets]
    .reduce((text, secret) => text.replaceAll(secret, mask), message)
    .replace(/\bx(ox[a-z]|app)-[\w-]+|ticket=[^\s&"]+/g, mask);
}
