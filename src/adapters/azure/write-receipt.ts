import type { WriteReceipt } from "../../ports/routing-service.ts";
import type { ArmAnswer } from "./resource-manager.ts";

/**
 * The ids of an accepted write, and where its operation can be asked about: on the resource manager's own host alone, since our
 * token goes to no other, whatever an answer says.
 */
export function receiptOfWrite({ status, header }: ArmAnswer, origin: string): WriteReceipt {
  const requestId = header("x-ms-request-id");
  const correlationId = header("x-ms-correlation-request-id");
  const link = operationLink({ status, header });
  const url = link === undefined ? null : URL.parse(link, origin);
  return {
    status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(url?.origin === origin ? { operationUrl: url.href } : {}),
  };
}

/** Where an answer says that its operation is, wherever that may be. */
export function operationLink({ status, header }: Pick<ArmAnswer, "status" | "header">): string | undefined {
  return header("azure-asyncoperation") ?? (status === 202 ? header("location") : undefined);
}
