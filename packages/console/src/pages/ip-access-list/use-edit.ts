// An entry that becomes another of the same address. Where it has to go first, it is made again as it was if the new one is
// refused; and who sends the form again after both failed sends an entry that is gone already.

import { call, useWork } from '../../api/operation.ts'
import { isStatus } from '../../api/sentence.ts'
import { useGroupId } from '../../frame/place.ts'
import { type Entry, type EntryBody, entryValue, mustGoFirst, sameBody } from './entry.ts'

export function useEdit(entry: Entry) {
  const params = { groupId: useGroupId() }
  const put = (body: EntryBody) => call('createGroupAccessListEntry', { params, body: [body] })
  return useWork(async (body: EntryBody) => {
    if (!mustGoFirst(entry, body)) return put(body)
    await call('deleteGroupAccessListEntry', { params: { ...params, entryValue: entryValue(entry) } }).catch(unlessGone)
    return put(body).catch(async (refusal: unknown) => {
      await put(sameBody(entry)).catch(() => {})
      throw refusal
    })
  })
}

const unlessGone = (error: unknown): void => {
  if (!isStatus(error, 404)) throw error
}
