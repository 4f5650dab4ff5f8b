// One endpoint service on AWS, AVAILABLE, made anew before each test of the file that imports this, and what is done to it.

import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type JourneyOptions, type View } from './testing.ts'

export let open: TestStore
export let journey: Journey
export let service: View
export let path: string
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => begin())

export const begin = async (options: JourneyOptions = {}): Promise<void> => {
  await clearStore(open.store)
  journey = await createJourney(open.store, options)
  service = await journey.newService({ providerName: 'AWS' })
  path = journey.servicePath('AWS', service.id)
}

/** Its service once more, as it is by now. */
export const lookAgain = async (): Promise<View> => {
  service = await journey.get(path)
  return service
}

export const attach = (id: string, at = path) => journey.ask({ method: 'POST', path: `${at}/endpoint`, body: { id } })
export const remove = (id: string) => journey.ask({ method: 'DELETE', path: `${path}/endpoint/${id}` })
export const vpcEndpoint = (over?: object): Promise<string> => journey.newVpcEndpoint(service, over)
export const endpoint = (id: string): Promise<View> => journey.get(`${path}/endpoint/${id}`)
/** Made, attached, and AVAILABLE at this edge. */
export const working = async (edge = 'edge-1'): Promise<string> => {
  const id = await vpcEndpoint()
  await attach(id)
  await journey.settle()
  await journey.edge(edge).takeOver()
  expect((await endpoint(id)).connectionStatus).toBe('AVAILABLE')
  return id
}
export const dummy = 'vpce-11111111111111111'
