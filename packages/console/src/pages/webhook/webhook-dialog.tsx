// Create a webhook, whose secret is shown once; or change where it points to and what it is told.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { Radio, RadioGroup } from '@leafygreen-ui/radio-group'
import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { useWork } from '../../api/operation.ts'
import { fieldProblem, listProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { SecretShown } from '../../frame/secret-shown.tsx'
import { type AccessPlace, placeWord } from '../access-manager/access-place.ts'
import { EventTypesField } from './event-types-field.tsx'
import { changeWebhook, createWebhook } from './use-webhooks.ts'
import { blockedBy, bodyOf, fieldsOf, newWebhook, type Webhook, type WebhookFields } from './webhook.ts'

interface DialogProps {
  readonly place: AccessPlace
  /** None: a new one. */
  readonly webhook?: Webhook
  readonly onClose: () => void
}

export function WebhookDialog({ place, webhook, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const [fields, setFields] = useState(() => (webhook === undefined ? newWebhook : fieldsOf(webhook)))
  const set = (change: Partial<WebhookFields>): void => setFields((before) => ({ ...before, ...change }))
  const [secret, setSecret] = useState<string>()
  const work = useWork(async (wish: WebhookFields): Promise<string | undefined> => {
    if (webhook === undefined) return (await createWebhook(place, bodyOf(wish))).secret
    await changeWebhook(place, webhook.id, bodyOf(wish))
    return undefined
  })
  const error = useTold(work, bodyOf(fields))
  const urlProblem = fieldProblem(error, 'url')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const made = await work.mutateAsync(fields)
    if (made !== undefined) {
      setSecret(made)
      return
    }
    pushToast({ title: 'The webhook is changed', variant: 'success' })
    onClose()
  }
  if (secret !== undefined)
    return (
      <SecretShown
        title="Save the Webhook’s Secret"
        lines={[{ name: 'Secret', value: secret }]}
        says="Copy it now: the receiver checks each message with it, by the libraries of Standard Webhooks. It is not shown again."
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      title={webhook === undefined ? 'Create Webhook' : 'Edit Webhook'}
      says={`Events of this ${placeWord[place.kind]} are sent to it as they happen.`}
      submit={webhook === undefined ? 'Create' : 'Save'}
      busy={work.isPending}
      blocked={blockedBy(fields)}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="webhook-url"
        label="URL"
        placeholder="https://"
        autoComplete="off"
        value={fields.url}
        onChange={({ target }) => set({ url: target.value })}
        state={urlProblem === undefined ? 'none' : 'error'}
        errorMessage={urlProblem}
      />
      <Checkbox
        label="Allow plain HTTP to another machine"
        description="Others could read along. To this machine it is always allowed."
        checked={fields.allowPlainHttp}
        onChange={({ target }) => set({ allowPlainHttp: target.checked })}
      />
      <RadioGroup
        name="webhook-events"
        aria-label="Events"
        value={fields.events}
        onChange={({ target }) => set({ events: target.value === 'all' ? 'all' : 'some' })}
      >
        <Radio value="all">All events</Radio>
        <Radio value="some">Only some events</Radio>
      </RadioGroup>
      {fields.events === 'some' && (
        <EventTypesField
          kind={place.kind}
          types={fields.types}
          problem={listProblem(error, 'eventTypes')}
          onChange={(types) => set({ types })}
        />
      )}
      <TextInput
        id="webhook-description"
        label="Description"
        optional
        maxLength={250}
        value={fields.description}
        onChange={({ target }) => set({ description: target.value })}
      />
      {webhook !== undefined && (
        <Checkbox
          label="Enabled"
          checked={fields.enabled}
          onChange={({ target }) => set({ enabled: target.checked })}
        />
      )}
    </FormDialog>
  )
}
