import { randomBytes } from "node:crypto";
import type { NewId } from "../../ports/clock.ts";

/** 144 bits of chance as 24 URL-safe characters. */
export const newId: NewId = () => randomBytes(18).toString("base64url");
