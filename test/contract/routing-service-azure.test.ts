import { describeRoutingService } from "./routing-service.ts";
import { openAzureHarness } from "./routing-service-azure.ts";

describeRoutingService("the Azure adapter", openAzureHarness);
