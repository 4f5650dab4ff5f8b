// Settings → Webhooks: programs that are told of events, of a project or of an organization itself.

import { Answered } from '../../frame/answered.tsx'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { MayButton, useMayNot } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { useAccessPlace } from '../access-manager/access-place.ts'
import { Settings } from '../settings/settings.tsx'
import { Deliveries } from './deliveries.tsx'
import { removeWebhook, useWebhooks, webhookOperations } from './use-webhooks.ts'
import { WebhookDialog } from './webhook-dialog.tsx'
import { WebhooksTable } from './webhooks-table.tsx'

export function Page() {
  const place = useAccessPlace()
  // A URL may hold a secret of the receiver's.
  const reason = useMayNot()(webhookOperations[place.kind].list)
  const webhooks = useWebhooks(place, reason === undefined)
  const { search, go, replace } = useUrlState()
  const named = webhooks.data?.find(({ id }) => id === search.webhook)
  const close = (): void => replace({ dialog: undefined, webhook: undefined })
  const create = (
    <MayButton
      operation={webhookOperations[place.kind].create}
      variant="primary"
      onClick={() => go({ dialog: 'create' })}
    >
      Create Webhook
    </MayButton>
  )
  return (
    <Settings tab="webhooks" actions={create}>
      {reason === undefined ? (
        <Answered query={webhooks}>
          {(all) =>
            all.length === 0 ? (
              <Nothing
                title="No webhook yet"
                description="A program of yours is sent each event as it happens, signed as Standard Webhooks has it."
              >
                {create}
              </Nothing>
            ) : (
              <WebhooksTable place={place} webhooks={all} open={(dialog, webhook) => go({ dialog, webhook })} />
            )
          }
        </Answered>
      ) : (
        <Nothing title="Only owners see webhooks" description={reason} />
      )}
      {search.dialog === 'create' && <WebhookDialog place={place} onClose={close} />}
      {search.dialog === 'edit' && named && <WebhookDialog place={place} webhook={named} onClose={close} />}
      {search.dialog === 'deliveries' && named && <Deliveries place={place} webhook={named} onClose={close} />}
      {search.dialog === 'delete' && named && (
        <ConfirmDialog
          title="Delete Webhook"
          says={`Nothing more is sent to ${named.url}, and what became of earlier messages is forgotten.`}
          work={() => removeWebhook(place, named.id)}
          done="The webhook is deleted"
          onClose={close}
        />
      )}
    </Settings>
  )
}
