import type { Answer, Exchange } from "../http/exchange.ts";
import type { PathValues } from "../http/path-pattern.ts";
import { CONFIG_ROUTES } from "./config-routes.ts";
import { armError } from "./errors.ts";
import { PERMISSION_ROUTES } from "./permission-routes.ts";
import { RESOURCE_ROUTES } from "./resource-routes.ts";
import type { ArmRoute } from "./route.ts";
import { SITE_ROUTES } from "./site-routes.ts";

/** The route of a request, or the answer that says loudly that there is none. */
export type MatchedRoute =
  | { readonly kind: "route"; readonly route: ArmRoute; readonly values: PathValues }
  | { readonly kind: "unknown"; readonly answer: Answer };

const ROUTES: readonly ArmRoute[] = [
  ...SITE_ROUTES,
  ...CONFIG_ROUTES,
  ...RESOURCE_ROUTES,
  ...PERMISSION_ROUTES,
];

export function findRoute(exchange: Exchange): MatchedRoute {
  const others: string[] = [];
  for (const route of ROUTES) {
    const values = route.pattern.match(exchange.segments);
    if (values === null) continue;
    if (route.method === exchange.method) return { kind: "route", route, values };
    others.push(route.method);
  }
  if (others.length > 0) {
    return {
      kind: "unknown",
      answer: armError({
        status: 405,
        code: "MethodNotAllowed",
        message: `The local Azure does not simulate ${exchange.method} on '${exchange.path}' (it has ${others.join(", ")}).`,
        headers: { allow: others.join(", ") },
      }),
    };
  }
  return {
    kind: "unknown",
    answer: armError({
      status: 404,
      code: "LocalAzureUnknownRoute",
      message: `The local Azure does not simulate ${exchange.method} '${exchange.path}'.`,
    }),
  };
}
