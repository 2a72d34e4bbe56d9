import { z } from "zod";

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const longestMs = 30 * units.d;
const notADuration = "is not a length of time; write it as 30s, 30m, 4h or 1d";

/** A length of time as `30s`, `30m`, `4h` or `1d`, turned into milliseconds; from one second to 30 days. */
export const duration = z
  .string(notADuration)
  .transform((text, context) => {
    const [, count, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
    const known = unit === "s" || unit === "m" || unit === "h" || unit === "d";
    const ms = known ? Number(count) * units[unit] : 0;
    if (ms > 0 && ms <= longestMs) return ms;
    context.addIssue({
      code: "custom",
      message: ms > longestMs ? "is longer than 30d; give a shorter time" : notADuration,
    });
    return z.NEVER;
  })
  .meta({ type: "string", pattern: "^[0-9]{1,7}[smhd]$" });
