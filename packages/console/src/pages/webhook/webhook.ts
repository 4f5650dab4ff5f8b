// A webhook as a form has it and as the API takes it, and what became of a delivery, in words. Pure.

import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'

export type Webhook = ReplyOf<'listGroupWebhooks'>['results'][number]
export type Delivery = ReplyOf<'listGroupWebhookDeliveries'>['results'][number]
export type WebhookBody = BodyInputOf<'createGroupWebhook'>

export interface WebhookFields {
  readonly url: string
  readonly description: string
  readonly allowPlainHttp: boolean
  readonly enabled: boolean
  readonly events: 'all' | 'some'
  readonly types: readonly string[]
}

export const newWebhook: WebhookFields = {
  url: '',
  description: '',
  allowPlainHttp: false,
  enabled: true,
  events: 'all',
  types: [],
}

export const fieldsOf = ({ url, description, allowPlainHttp, enabled, eventTypes }: Webhook): WebhookFields => ({
  url,
  description,
  allowPlainHttp,
  enabled,
  events: eventTypes.length === 0 ? 'all' : 'some',
  types: eventTypes,
})

const typesOf = ({ events, types }: Pick<WebhookFields, 'events' | 'types'>): string[] =>
  events === 'all' ? [] : [...types]

export const bodyOf = (fields: WebhookFields): WebhookBody => ({
  url: fields.url.trim(),
  description: fields.description,
  allowPlainHttp: fields.allowPlainHttp,
  enabled: fields.enabled,
  eventTypes: typesOf(fields),
})

/** An empty list is every event to the API, which nobody means who chose some. */
export const blockedBy = (fields: WebhookFields): string | undefined =>
  fields.events === 'some' && typesOf(fields).length === 0 ? 'Choose at least one type of event.' : undefined

export const eventsTold = ({ eventTypes }: Pick<Webhook, 'eventTypes'>): string => {
  if (eventTypes.length === 0) return 'All events'
  return eventTypes.length === 1 ? eventTypes.join() : `${eventTypes.length} types of events`
}

export const stateWords = { PENDING: 'On its way', DELIVERED: 'Delivered', FAILED: 'Failed' } as const

/** What the receiver answered, or why there was no answer. */
export const answerTold = ({ statusCode, error, attempts }: Delivery): string => {
  const answered = error ?? (statusCode === null ? '' : `HTTP status ${statusCode}`)
  return attempts > 1 ? `${answered} (${attempts} attempts)`.trim() : answered
}
