import { describeSiteStates } from "./routing-service-states.ts";
import { openAzureStates } from "./site-states-azure.ts";

describeSiteStates("the Azure adapter with the older API", "legacy", () => openAzureStates("2023-12-01"));
