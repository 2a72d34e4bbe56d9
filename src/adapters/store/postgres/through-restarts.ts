import { setTimeout } from "node:timers/promises";
import { z } from "zod";

/** The server says itself that it is starting or stopping: cannot_connect_now, admin_shutdown, crash_shutdown. */
const isRestarting = z.object({ code: z.enum(["57P03", "57P01", "57P02"]) });
/** A connection that stood was cut. `pg` gives its own error for that no code, only these words. */
const isCut = z.union([
  z.object({ code: z.enum(["ECONNRESET", "EPIPE"]) }),
  z.object({ message: z.literal("Connection terminated unexpectedly") }),
]);
/** Nobody is there. By itself that is a wrong address, or a server that is off. */
const isAway = z.object({ code: z.literal("ECONNREFUSED") });

const tries = 60;
const pauseMs = 500;

/**
 * Opens what needs the server, from the beginning as often as the server is restarted meanwhile, for half a minute. Any other
 * error is passed on at once, and so is a server that was never there.
 */
export async function throughRestarts<T>(open: () => Promise<T>): Promise<T> {
  let wasThere = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      const isRestart = isRestarting.safeParse(error).success || isCut.safeParse(error).success;
      const isInRestart = isRestart || (wasThere && isAway.safeParse(error).success);
      if (attempt === tries || !isInRestart) throw error;
      wasThere = true;
      await setTimeout(pauseMs);
    }
  }
}
