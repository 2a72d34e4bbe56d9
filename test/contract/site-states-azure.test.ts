import { describeSiteStates } from "./routing-service-states.ts";
import { openAzureStates } from "./site-states-azure.ts";

describeSiteStates("the Azure adapter", "modern", () => openAzureStates("2025-05-01"));
