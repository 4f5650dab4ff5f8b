// An API key of a group with a pair of the caller's choice, in Postern's own API: test suites have it in their settings.
// Only for an owner of the organization, since a key belongs to that.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { brokenUniqueRule } from '../../store/store-error.ts'
import { createKeyInGroup } from './handlers.ts'

export const apiKeyPairHandlers = (parts: Parts): Handlers<'createGroupApiKeyPair'> => ({
  createGroupApiKeyPair: async (call) => {
    const { publicKey, privateKey } = call.body
    const pair = { publicKey, privateKey }
    return createKeyInGroup(parts, call, pair).catch((error: unknown) => {
      throw brokenUniqueRule(error) === 'api_key_public_key_once'
        ? new AtlasError('POSTERN_CHOICE_TAKEN', { attribute: 'publicKey', value: publicKey })
        : error
    })
  },
})
