// A cloud with faults: the provider beneath, and what a fault makes of each of its answers. What follows for services and
// endpoints is up to the same code as with a real cloud.

import { PassingTrouble } from '../passing-trouble.ts'
import { CloudRefusal, type Provider, type Providers, type ServiceWish } from '../providers/provider.ts'
import { type Fault, type Faults, messageOf, type Place } from './faults.ts'

export const withFaults = (providers: Providers, faults: Faults): Providers => ({
  AWS: faulty(providers.AWS, faults),
  AZURE: faulty(providers.AZURE, faults),
  GCP: faulty(providers.GCP, faults),
})

const faulty = (provider: Provider, faults: Faults): Provider => {
  /** Throws what passes by itself: the turn is tried again. */
  const reach = (place: Place): void => {
    const away = faults.strike(['cloud-away'], place)
    if (away !== null) throw new PassingTrouble(messageOf(away))
  }
  const change = (place: Place): void => {
    reach(place)
    const busy = faults.strike(['operation-in-progress'], place)
    if (busy !== null) throw new PassingTrouble(messageOf(busy))
  }
  const refuse = (fault: Fault | null): void => {
    if (fault !== null) throw new CloudRefusal(messageOf(fault))
  }
  const late = (place: Place): number => faults.standing('slow-cloud', place)?.ms ?? 0

  return {
    ...provider,

    observeService: async (wish) => {
      const place = placeOf(wish)
      reach(place)
      const seen = await provider.observeService(wish)
      return seen && { ...seen, readyAt: seen.readyAt + late(place) }
    },

    ensureService: async (wish) => {
      const place = placeOf(wish)
      change(place)
      refuse(faults.strike(['region-full'], place))
      await provider.ensureService(wish)
    },

    removeService: async (wish) => {
      change(placeOf(wish))
      await provider.removeService(wish)
    },

    observeEndpoints: async (wish, refs) => {
      reach(placeOf(wish, cloudIdsOf(refs)))
      const seen = await provider.observeEndpoints(wish, refs)
      return seen.map((one) => {
        if (one === null) return null
        const place = placeOf(wish, [one.cloudId])
        if (faults.standing('endpoint-lost', place) !== null) return null
        return { ...one, readyAt: one.readyAt + late(place) }
      })
    },

    acceptEndpoints: async (wish, cloudIds) => {
      const place = placeOf(wish, cloudIds)
      change(place)
      refuse(faults.strike(['endpoint-refused'], place))
      await provider.acceptEndpoints(wish, cloudIds)
    },

    rejectEndpoints: async (wish, cloudIds) => {
      reach(placeOf(wish, cloudIds))
      await provider.rejectEndpoints(wish, cloudIds)
    },
  }
}

const cloudIdsOf = (refs: readonly { readonly cloudId: string }[]): readonly string[] =>
  refs.map(({ cloudId }) => cloudId)

const placeOf = ({ groupId, provider, region }: ServiceWish, cloudIds: readonly string[] = []): Place => ({
  groupId,
  provider,
  region,
  cloudIds,
})
