import type { Answer } from "../http/exchange.ts";
import type { Json } from "../http/json.ts";

/** Azure Resource Manager's own envelope: `{error:{code,message,…}}`. */
export function armError(request: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly additionalInfo?: Json[];
  readonly headers?: Readonly<Record<string, string>>;
}): Answer {
  const { code, message, target, additionalInfo } = request;
  return {
    status: request.status,
    headers: { ...request.headers, "x-ms-failure-cause": "gateway" },
    body: {
      error: {
        code,
        message,
        ...(target === undefined ? {} : { target }),
        ...(additionalInfo === undefined ? {} : { additionalInfo }),
      },
    },
  };
}

/** App Service's envelope (Antares): `{Code,Message,Target,Details:[…],Innererror}`. */
export function antaresError(request: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly extendedCode?: string;
  readonly template?: string;
  readonly parameters?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}): Answer {
  const { code, message } = request;
  return {
    status: request.status,
    ...(request.headers === undefined ? {} : { headers: request.headers }),
    body: {
      Code: code,
      Message: message,
      Target: null,
      Details: [
        { Message: message },
        { Code: code },
        {
          ErrorEntity: {
            ExtendedCode: request.extendedCode ?? null,
            MessageTemplate: request.template ?? message,
            Parameters: [...(request.parameters ?? [])],
            Code: code,
            Message: message,
          },
        },
      ],
      Innererror: null,
    },
  };
}

/** 409 while another operation on the site is in progress. */
export function busyError(operation: {
  readonly id: string;
  readonly name: string;
  readonly createdTime: string;
}): Answer {
  return antaresError({
    status: 409,
    code: "Conflict",
    message: `Cannot modify this site because another operation is in progress. Details: Id: ${operation.id}, OperationName: ${operation.name}, CreatedTime: ${operation.createdTime}`,
    extendedCode: "59203",
    template: "Cannot modify this site because another operation is in progress. Details: {0}",
    parameters: [
      `Id: ${operation.id}, OperationName: ${operation.name}, CreatedTime: ${operation.createdTime}`,
    ],
  });
}

/** 403: the principal lacks an action at a scope. */
export function authorizationFailed(request: {
  readonly clientId: string;
  readonly objectId: string;
  readonly action: string;
  readonly scope: string;
}): Answer {
  return armError({
    status: 403,
    code: "AuthorizationFailed",
    message: `The client '${request.clientId}' with object id '${request.objectId}' does not have authorization to perform action '${request.action}' over scope '${request.scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  });
}

/** 403: the principal may write the site, but lacks an action at a resource that the site is linked to. */
export function linkedAuthorizationFailed(request: {
  readonly clientId: string;
  readonly objectId: string;
  readonly action: string;
  readonly scope: string;
  readonly linkedScope: string;
}): Answer {
  return armError({
    status: 403,
    code: "LinkedAuthorizationFailed",
    message: `The client '${request.clientId}' with object id '${request.objectId}' has permission to perform action 'Microsoft.Web/sites/write' on scope '${request.scope}'; however, it does not have permission to perform action(s) '${request.action}' on the linked scope(s) '${request.linkedScope}' (respectively) or the linked scope(s) are invalid.`,
  });
}

export function resourceNotFound(type: string, name: string, group: string): Answer {
  return armError({
    status: 404,
    code: "ResourceNotFound",
    message: `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });
}

/** 400 for a body of the wrong shape. */
export function invalidContent(what: string): Answer {
  return armError({
    status: 400,
    code: "InvalidRequestContent",
    message: `The request content was invalid and could not be deserialized: '${what}'.`,
  });
}

/** 400: `siteConfig` repeats a property of the site with another value. */
export function siteConfigConflict(): Answer {
  const text =
    "SiteConfig.VnetRouteAllEnabled cannot be modified. Please modify the Site.VnetRouteAllEnabled property.";
  return antaresError({
    status: 400,
    code: "BadRequest",
    message: `There was a conflict. ${text}`,
    extendedCode: "01020",
    template: "There was a conflict. {0}",
    parameters: [text],
  });
}
