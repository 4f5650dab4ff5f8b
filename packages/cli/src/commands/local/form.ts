// `--form`, the one flag of `local … create` that no cloud's tool has: how the endpoint is told to its clients.

import type { AdvertisedForm } from '@postern/contract/private-endpoint'
import { advertisedForms } from '@postern/contract/private-endpoint'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'

export const formFlag: Flag = {
  name: 'form',
  kind: 'text',
  usage: 'How clients reach it: "address" (default), in clear; or "name", through our DNS and with TLS.',
}

/** Part of a create body: empty when the flag was left out. Throws UsageError for another word. */
export function chosenForm(context: Context): { readonly form?: AdvertisedForm } {
  const typed = context.optional('form')
  if (typed === undefined) return {}
  const form = advertisedForms.find((known) => known === typed)
  if (form === undefined) throw new UsageError(`--form takes ${advertisedForms.join(' or ')}, not "${typed}"`)
  return { form }
}
