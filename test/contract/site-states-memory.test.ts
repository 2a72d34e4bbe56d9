import { describeSiteStates } from "./routing-service-states.ts";
import { openMemoryStates } from "./site-states-memory.ts";

describeSiteStates("the memory routing service", "modern", openMemoryStates);
