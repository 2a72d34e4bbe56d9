import { openAzureHarness } from "./routing-service-azure.ts";
import { describeListing } from "./routing-service-listing.ts";

describeListing("the Azure adapter", openAzureHarness);
