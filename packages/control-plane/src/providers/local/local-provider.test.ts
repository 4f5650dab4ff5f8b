import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestParts, testSettings } from '../../http/testing.ts'
import type { Settings } from '../../parts.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { type ProviderWorld, providerCases } from '../provider.case.ts'
import { targetsOf } from '../provider.ts'
import { addConsumers } from './consumer.ts'
import { createLocalProvider } from './local-provider.ts'
import type { Probe } from './probe.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

const regions = { AWS: 'US_EAST_1', AZURE: 'US_EAST_2', GCP: 'US_EAST_4' } as const
let made = 0
const free: Probe = async () => 'free'

const createWorld = async (settings: Partial<Settings> = {}): Promise<ProviderWorld> => {
  let now = Date.UTC(2026, 0, 1)
  const parts = createTestParts(open.store, {
    clock: { now: () => now },
    settings: { ...testSettings, localProvisionMs: 300, ...settings },
  })
  return {
    provider: createLocalProvider(parts, free),
    wish: (provider, attachments = 1) => ({
      serviceId: parts.ids.objectId(),
      groupId: parts.ids.objectId(),
      provider,
      region: regions[provider],
      attachments,
    }),
    consume: async (wish, target, { refuse = false } = {}) => {
      const id = { AWS: undefined, AZURE: `/subscriptions/s/pe-${++made}`, GCP: `projects/p/r-${++made}` }[
        wish.provider
      ]
      const [consumer] = await addConsumers(parts, free, {
        wanted: [
          {
            provider: wish.provider,
            ...(id !== undefined && { cloudId: id }),
            region: wish.region,
            target,
            form: 'address',
            properties: { address: null, tags: refuse ? { Name: 'fail-accept' } : {} },
          },
        ],
        portCount: 50,
        check: async () => {},
      })
      return { cloudId: consumer?.cloudId ?? '', address: consumer?.properties.address ?? null }
    },
    unconsume: async (_, { cloudId }) => {
      await open.store.transact((tx) => tx.deleteFrom('local_endpoint').where('cloud_id', '=', cloudId).execute())
    },
    now: () => now,
    pass: async () => {
      now += 300
    },
  }
}

providerCases('local cloud', () => createWorld())

describe('the local cloud takes as long as it was told', () => {
  test('a service is ready not before, and no later', async () => {
    const world = await createWorld({ localProvisionMs: 1500 })
    const wish = world.wish('AWS')
    await world.provider.ensureService(wish)
    expect((await world.provider.observeService(wish))?.readyAt).toBe(world.now() + 1500)
  })
})

describe('unknown endpoints that are taken in', () => {
  test('keep the id and the address that the caller told, and listen on a place of their own', async () => {
    const world = await createWorld()
    const wish = world.wish('AZURE')
    await world.provider.ensureService(wish)
    const ref = {
      cloudId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe',
      address: '10.1.2.3',
    }
    await world.provider.registerEndpoints?.(wish, [ref])
    await world.provider.registerEndpoints?.(wish, [ref])
    expect(await world.provider.observeEndpoints(wish, [ref])).toEqual([
      expect.objectContaining({
        cloudId: ref.cloudId,
        address: '10.1.2.3',
        connection: 'pending',
        hosts: [expect.stringMatching(/^127\./)],
        linkIds: [expect.stringMatching(/^\d{1,10}$/)],
      }),
    ])
  })

  test('GCP legacy: rule i is made for attachment i, with connection ids beyond 2^53', async () => {
    const world = await createWorld()
    const wish = world.wish('GCP', 3)
    await world.provider.ensureService(wish)
    const refs = [0, 1, 2].map((n) => ({
      cloudId: `projects/p/regions/us-east4/forwardingRules/r-${n}`,
      address: `10.0.0.${n}`,
    }))
    await world.provider.registerEndpoints?.(wish, refs)
    const seen = await world.provider.observeEndpoints(wish, refs)
    expect(seen.map((one) => one?.target.slice(-2))).toEqual(['-0', '-1', '-2'])
    expect(new Set(seen.flatMap((one) => one?.hosts ?? [])).size).toBe(3)
    for (const one of seen) expect(BigInt(one?.linkIds[0] ?? 0)).toBeGreaterThan(2n ** 53n)
  })
})

test('everything that consumers made is listed, with the service that it is for, or none when that is gone', async () => {
  const world = await createWorld()
  const [kept, gone] = [world.wish('AWS'), world.wish('AWS')]
  const refs = []
  for (const wish of [kept, gone]) {
    await world.provider.ensureService(wish)
    const seen = await world.provider.observeService(wish)
    refs.push(await world.consume(wish, seen === null ? '' : (targetsOf(seen.names)[0] ?? '')))
  }
  await world.provider.removeService(gone)
  const listed = await world.provider.listEndpoints?.('AWS')
  const shown = refs.map(({ cloudId }) => listed?.find((each) => each.cloudId === cloudId))
  expect(shown.map((each) => [each?.serviceId, each?.connection])).toEqual([
    [kept.serviceId, 'pending'],
    [null, 'rejected'],
  ])
})
