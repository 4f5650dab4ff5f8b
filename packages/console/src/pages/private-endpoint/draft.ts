// What is filled in on the way to a service or an endpoint. It is in the URL, so that a reload and Back keep it.

import { useState } from 'react'
import { useUrlState } from '../../frame/url-state.ts'

/** Named as the API names them, where it does. */
const draftNames = [
  'cloud',
  'atlasRegion',
  'accepted',
  'architecture',
  'way',
  'tool',
  'vpcId',
  'subnetIds',
  'securityGroupIds',
  'consumerRegion',
  'subscriptionId',
  'resourceGroup',
  'gcpProjectId',
  'network',
  'subnet',
  'endpointName',
  'id',
  'privateEndpointIPAddress',
  'endpointGroupName',
  'endpoints',
] as const
export type DraftName = (typeof draftNames)[number]

/** What is not filled in is the empty text. */
export type Draft = Readonly<Record<DraftName, string>>

export const draftOf = (search: Readonly<Record<string, string>>): Draft =>
  Object.fromEntries(draftNames.map((name) => [name, search[name] ?? ''])) as Draft

/** Several in one text, however they were parted. */
export const severalIn = (text: string): readonly string[] => text.split(/[\s,]+/).filter((one) => one !== '')

const closed = Object.fromEntries(
  ['dialog', 'service', 'endpoint', 'step', ...draftNames].map((name) => [name, undefined] as const),
)

/** For the dialogs of the page: `close` leaves its filters as they are. */
export const useDraft = () => {
  const { search, go, replace } = useUrlState()
  // Inputs show this; the URL follows a moment later, and would put the cursor elsewhere.
  const [draft, setDraft] = useState(() => draftOf(search))
  return {
    draft,
    fill: (change: Partial<Draft>): void => {
      setDraft((before) => ({ ...before, ...change }))
      replace(change)
    },
    /** To another step, that Back leaves again. */
    goTo: (step: string): void => go({ step }),
    /** To what is next, of which nothing was filled in yet; Back does not lead to what is done. */
    goOn: (to: { readonly dialog: string; readonly service: string; readonly step?: string }): void =>
      replace({ ...closed, ...to }),
    close: (): void => replace(closed),
  }
}
