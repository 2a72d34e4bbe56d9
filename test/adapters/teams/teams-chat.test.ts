import { describeChat } from "../../contract/chat.ts";
import { startTeamsHarness } from "../../support/teams-harness.ts";

describeChat("Teams", startTeamsHarness);
