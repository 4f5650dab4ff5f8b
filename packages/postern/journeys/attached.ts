// An endpoint that stands, for journeys that begin with one: its service, its consumer's side, and the way through it; and
// the user that a journey's driver signs in as.

import type { Client } from '@postern/contract/client'
import {
  attach,
  connectionStringThrough,
  createService,
  type EndpointForm,
  endpointAvailable,
  endpointForms,
  type ServicePlace,
} from '../src/quickstart/forms.ts'

/** AWS PrivateLink, for journeys to which one form is as good as another. */
export const anyForm: EndpointForm = (() => {
  const [form] = endpointForms
  if (form === undefined) throw new Error('there is no form of an endpoint')
  return form
})()

export interface Attached extends ServicePlace {
  readonly endpointId: string
}

interface Wish {
  readonly groupId: string
  readonly form?: EndpointForm
  /** By address unless said. */
  readonly advertised?: 'name'
}

/** A new service, and an endpoint attached to it: taken on, not yet AVAILABLE. */
export async function attachNew(client: Client, { groupId, form = anyForm, advertised }: Wish): Promise<Attached> {
  const service = { groupId, endpointServiceId: await createService(client, groupId, form) }
  const { endpointId, body } = await form.createConsumer(client, { ...service, ...(advertised && { advertised }) })
  await attach(client, form, { ...service, body })
  return { ...service, endpointId }
}

/** The same, when it is AVAILABLE. */
export async function attachAvailable(client: Client, wish: Wish): Promise<Attached> {
  const attached = await attachNew(client, wish)
  await endpointAvailable(client, wish.form ?? anyForm, attached)
  return attached
}

/** The same, with the cluster's connection string through it. */
export async function attachTo(
  client: Client,
  { clusterName, ...wish }: Wish & { readonly clusterName: string },
): Promise<Attached & { readonly uri: string }> {
  const attached = await attachAvailable(client, wish)
  return { ...attached, uri: await connectionStringThrough(client, { ...attached, clusterName }) }
}

/** Who a journey's driver signs in as. */
export const journeyUser = { username: 'journey', password: 'a-password-of-the-journey' }

/** Makes `journeyUser`, with every right on the group's clusters. */
export async function createJourneyUser(client: Client, groupId: string): Promise<void> {
  const roles = [{ roleName: 'atlasAdmin', databaseName: 'admin' }]
  await client.call('createGroupDatabaseUser', {
    params: { groupId },
    body: { ...journeyUser, databaseName: 'admin', roles },
  })
}
