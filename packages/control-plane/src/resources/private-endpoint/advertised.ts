// What is advertised for an attached endpoint: one host and one port per member. The row holds all of it (written once,
// when the endpoint is accepted), so that connection strings, hello replies and DNS records say the same. One door whose
// ports pick the member, or GCP's legacy form: a door per member slot.

import { firstServicePort } from '@postern/contract/endpoint-service'
import type { AdvertisedForm, AdvertisedTarget } from '@postern/contract/private-endpoint'
import { z } from 'zod'

const doorSchema = z.object({
  /** The name in the zone; also what a client sends as SNI. Lower case. */
  name: z.string(),
  /** What that name resolves to, or, in the `address` form, what is dialled: addresses, or a host given by hand. */
  hosts: z.array(z.string()).min(1),
  firstPort: z.number().int(),
  /** A block of ports may be smaller than a service's limit was made: members beyond it are not reached. */
  portCount: z
    .number()
    .int()
    .default(65_536 - firstServicePort),
})

const advertisedSchema = z.object({
  /** `ports`: one door, slot s at firstPort + s. `doors`: slot s is door s at its firstPort. */
  by: z.enum(['ports', 'doors']),
  doors: z.array(doorSchema).min(1),
})

export type Door = z.output<typeof doorSchema>
/** The `advertised` column of private_endpoint. */
export type Advertised = z.output<typeof advertisedSchema>

/** Parses the column. Throws ZodError on a row that this program never wrote. */
export const parseAdvertised = (column: unknown): Advertised => advertisedSchema.parse(column)

/** As much of a private_endpoint row as this needs. */
export interface AdvertisedRow {
  /** AdvertisedForm; null until accepted. */
  readonly form: string | null
  /** Null until accepted. */
  readonly advertised: unknown
}

export interface MemberSlot {
  readonly member_id: string
  readonly slot: number
}

/** The door and port of one slot; undefined where the endpoint has no door for it. */
export const doorOfSlot = (
  advertised: Advertised,
  slot: number,
): { readonly door: Door; readonly port: number } | undefined => {
  const door = advertised.by === 'ports' ? advertised.doors[0] : advertised.doors[slot]
  const offset = advertised.by === 'ports' ? slot : 0
  return door === undefined || offset >= door.portCount ? undefined : { door, port: door.firstPort + offset }
}

const hostOf = (form: AdvertisedForm, door: Door): string =>
  form === 'name' ? door.name : (door.hosts[0] ?? door.name)

/**
 * Where a client dials each member through this endpoint, by member id: `ports` are the member_port rows of the
 * endpoint's service. Empty while the endpoint is not accepted; a member without a port or a door is left out.
 */
export const endpointTargets = (
  endpoint: AdvertisedRow,
  ports: readonly MemberSlot[],
): ReadonlyMap<string, AdvertisedTarget> => {
  if (endpoint.advertised === null || endpoint.form === null) return new Map()
  return advertisedTargets(parseAdvertised(endpoint.advertised), formOf(endpoint.form), ports)
}

/** The same of what was parsed already. */
export const advertisedTargets = (
  advertised: Advertised,
  form: AdvertisedForm,
  ports: readonly MemberSlot[],
): ReadonlyMap<string, AdvertisedTarget> =>
  new Map(
    ports.flatMap(({ member_id, slot }) => {
      const found = doorOfSlot(advertised, slot)
      return found === undefined ? [] : [[member_id, { host: hostOf(form, found.door), port: found.port }] as const]
    }),
  )

/** The `form` column of an accepted endpoint. */
export const formOf = (column: string | null): AdvertisedForm => (column === 'name' ? 'name' : 'address')
