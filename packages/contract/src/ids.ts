// Ids as Atlas and the clouds write them, parsed where they come in.
// Atlas ids are 24 lower-case hex digits; cloud ids follow the patterns of the Administration API's schemas.

const objectIdPattern = /^[a-f0-9]{24}$/

/** True for 24 lower-case hex digits: the only spelling that the Atlas API accepts in a path. */
export const isObjectId = (text: string): boolean => objectIdPattern.test(text)

/** What the consumer's cloud calls an endpoint, by provider (Atlas API schemas, `Create…EndpointRequest`). */
export const consumerIdPattern = {
  AWS: /^vpce-[0-9a-f]{17}$/,
  AZURE:
    /^\/subscriptions\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\/resource[gG]roups\/[-\w._()]+\/providers\/Microsoft\.Network\/privateEndpoints\/[-\w._()]+$/,
  GCP: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
} as const
