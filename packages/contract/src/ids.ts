// Ids as Atlas and the clouds write them. Parsed here once; inside, the brands are trusted.
// Atlas ids are 24 lower-case hex digits; cloud ids follow the patterns of the Administration API's schemas.

type Branded<Name extends string> = string & { readonly __brand: Name }

export type OrgId = Branded<'OrgId'>
export type GroupId = Branded<'GroupId'>
export type ClusterId = Branded<'ClusterId'>
export type MemberId = Branded<'MemberId'>
export type EndpointServiceId = Branded<'EndpointServiceId'>
/** Our own id of an attached endpoint's row; never shown by the Atlas API, which shows the cloud's id. */
export type PrivateEndpointId = Branded<'PrivateEndpointId'>

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
