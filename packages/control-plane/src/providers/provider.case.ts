// What every provider must do, run on each of them (local/local-provider.test.ts). A world says how to be the consumer in
// that cloud and how its time passes.

import type { CloudProvider } from '@postern/contract/cloud'
import { describe, expect, test } from 'vitest'
import type { ConsumerRef, Provider, SeenConsumer, ServiceNames, ServiceWish } from './provider.ts'
import { targetsOf } from './provider.ts'

export interface ProviderWorld {
  readonly provider: Provider
  /** A wish for a service that nobody has made yet. */
  readonly wish: (provider: CloudProvider, attachments?: number) => ServiceWish
  /** The consumer makes an endpoint for this target; `refuse`: one that the cloud will not connect. */
  readonly consume: (wish: ServiceWish, target: string, options?: { readonly refuse?: boolean }) => Promise<ConsumerRef>
  readonly unconsume: (wish: ServiceWish, ref: ConsumerRef) => Promise<void>
  readonly now: () => number
  /** Lets the cloud finish what it is at. */
  readonly pass: () => Promise<void>
}

export const providerCases = (name: string, setUp: () => Promise<ProviderWorld>): void => {
  const clouds: readonly CloudProvider[] = ['AWS', 'AZURE', 'GCP']

  const made = async (world: ProviderWorld, provider: CloudProvider, attachments?: number) => {
    const wish = world.wish(provider, attachments)
    await world.provider.ensureService(wish)
    await world.pass()
    const seen = await world.provider.observeService(wish)
    if (seen === null) throw new Error('the service was not made')
    return { wish, names: seen.names, target: targetsOf(seen.names)[0] ?? '' }
  }
  const look = async (world: ProviderWorld, wish: ServiceWish, ref: ConsumerRef): Promise<SeenConsumer | null> =>
    (await world.provider.observeEndpoints(wish, [ref]))[0] ?? null

  describe.each(clouds)(`${name}: %s services`, (cloud) => {
    test('a service that nobody made is not there', async () => {
      const world = await setUp()
      expect(await world.provider.observeService(world.wish(cloud))).toBeNull()
    })

    test('a service takes its time and is then ready, under names of the cloud’s form', async () => {
      const world = await setUp()
      const wish = world.wish(cloud)
      await world.provider.ensureService(wish)
      const atWork = await world.provider.observeService(wish)
      expect(atWork?.failure).toBeNull()
      await world.pass()
      const seen = await world.provider.observeService(wish)
      expect(seen?.readyAt).toBeLessThanOrEqual(world.now())
      expect(seen?.names).toEqual(expectedNames(cloud))
    })

    test('asked twice, it is made once', async () => {
      const world = await setUp()
      const { wish, names } = await made(world, cloud)
      await world.provider.ensureService(wish)
      const again = await world.provider.observeService(wish)
      expect(again?.names).toEqual(names)
      expect(again?.readyAt).toBeLessThanOrEqual(world.now())
    })

    test('removed, it is gone, also when asked twice', async () => {
      const world = await setUp()
      const { wish } = await made(world, cloud)
      await world.provider.removeService(wish)
      await world.provider.removeService(wish)
      expect(await world.provider.observeService(wish)).toBeNull()
    })

    test('two services have two names', async () => {
      const world = await setUp()
      expect((await made(world, cloud)).target).not.toBe((await made(world, cloud)).target)
    })
  })

  describe.each(clouds)(`${name}: %s endpoints`, (cloud) => {
    test('what nobody made is not seen', async () => {
      const world = await setUp()
      const { wish } = await made(world, cloud)
      expect(await look(world, wish, { cloudId: unknownId(cloud), address: null })).toBeNull()
    })

    test('made by its consumer, it is pending and says what it is for', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const ref = await world.consume(wish, target)
      expect(await look(world, wish, ref)).toMatchObject({
        target,
        region: wish.region,
        address: ref.address,
        connection: 'pending',
        failure: null,
      })
    })

    test('accepted, it is connected after a while; accepting again changes nothing', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const ref = await world.consume(wish, target)
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      const first = await look(world, wish, ref)
      await world.pass()
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      const second = await look(world, wish, ref)
      expect(second).toEqual(first)
      expect(second).toMatchObject({ connection: 'accepted', linkIds: [expect.any(String)] })
      expect(second?.readyAt).toBeLessThanOrEqual(world.now())
      expect(second?.hosts.length).toBeGreaterThan(0)
    })

    test('rejected, its connection is over; it may be accepted again', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const ref = await world.consume(wish, target)
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      await world.provider.rejectEndpoints(wish, [ref.cloudId])
      await world.provider.rejectEndpoints(wish, [ref.cloudId])
      expect(await look(world, wish, ref)).toMatchObject({ connection: 'rejected', failure: null })
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      expect(await look(world, wish, ref)).toMatchObject({ connection: 'accepted' })
    })

    test('another service can neither accept nor reject it', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const { wish: other } = await made(world, cloud)
      const ref = await world.consume(wish, target)
      await world.provider.acceptEndpoints(other, [ref.cloudId])
      expect(await look(world, wish, ref)).toMatchObject({ connection: 'pending' })
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      await world.provider.rejectEndpoints(other, [ref.cloudId])
      expect(await look(world, wish, ref)).toMatchObject({ connection: 'accepted' })
    })

    test('one that the cloud will not connect is rejected, with a sentence', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const ref = await world.consume(wish, target, { refuse: true })
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      expect(await look(world, wish, ref)).toMatchObject({
        connection: 'rejected',
        failure: expect.stringMatching(/\w/),
      })
    })

    test('deleted by its consumer, it is gone; accepting and rejecting it do nothing', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const ref = await world.consume(wish, target)
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      await world.unconsume(wish, ref)
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      await world.provider.rejectEndpoints(wish, [ref.cloudId])
      expect(await look(world, wish, ref)).toBeNull()
    })

    test('when its service is removed, its connection is over', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const ref = await world.consume(wish, target)
      await world.provider.acceptEndpoints(wish, [ref.cloudId])
      await world.provider.removeService(wish)
      expect((await look(world, wish, ref))?.connection).not.toBe('accepted')
    })

    test('answers come in the order of the questions, holes included', async () => {
      const world = await setUp()
      const { wish, target } = await made(world, cloud)
      const [one, two] = [await world.consume(wish, target), await world.consume(wish, target)]
      const nobody = { cloudId: unknownId(cloud), address: null }
      const answers = await world.provider.observeEndpoints(wish, [two, nobody, one])
      expect(answers.map((answer) => answer?.cloudId ?? null)).toEqual([two.cloudId, null, one.cloudId])
    })
  })

  test(`${name}: GCP without port mapping has as many attachments as were wished`, async () => {
    const world = await setUp()
    const { names } = await made(world, 'GCP', 6)
    expect(new Set(targetsOf(names)).size).toBe(6)
  })
}

const unknownId = (cloud: CloudProvider): string =>
  cloud === 'AWS' ? 'vpce-11111111111111111' : cloud === 'AZURE' ? '/subscriptions/no' : 'projects/no/regions/x/no'

/** As recorded from Atlas. */
const expectedNames = (cloud: CloudProvider): ServiceNames => {
  switch (cloud) {
    case 'AWS':
      return {
        provider: 'AWS',
        endpointServiceName: expect.stringMatching(/^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-[0-9a-f]{17}$/),
      }
    case 'AZURE':
      return {
        provider: 'AZURE',
        privateLinkServiceName: expect.stringMatching(/^pls_[0-9a-f]{24}$/),
        privateLinkServiceResourceId: expect.stringMatching(
          /^\/subscriptions\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/resourceGroups\/[\w-]+\/providers\/Microsoft\.Network\/privateLinkServices\/pls_[0-9a-f]{24}$/,
        ),
      }
    case 'GCP':
      return {
        provider: 'GCP',
        serviceAttachmentNames: [
          expect.stringMatching(
            /^projects\/p-[0-9a-z]{24}\/regions\/us-east4\/serviceAttachments\/sa-us-east4-[0-9a-f]{24}-0$/,
          ),
        ],
      }
  }
}
