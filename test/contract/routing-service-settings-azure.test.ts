import { openAzureHarness } from "./routing-service-azure.ts";
import { describeSettingsAndSubnets } from "./routing-service-settings.ts";

describeSettingsAndSubnets("the Azure adapter", openAzureHarness);
