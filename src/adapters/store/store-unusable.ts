/** The store cannot be used as it is set up. The message is one sentence for the operator that says what to do. */
export class StoreUnusable extends Error {
  override readonly name = "StoreUnusable";
}

/** Another Routebot has the data directory. */
export class StoreInUse extends StoreUnusable {}
