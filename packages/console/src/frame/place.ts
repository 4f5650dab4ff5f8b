// Where one is: the project of the URL, its organization, and all that one may see.

import { useParams } from '@tanstack/react-router'
import { useOperation } from '../api/operation.ts'

const all = { query: { itemsPerPage: 500 } } as const

export const useGroups = () => useOperation('listGroups', all)
export const useOrgs = () => useOperation('listOrgs', all)

/** The project's id in the URL; the empty string on pages that are in none. */
export const useGroupId = (): string => {
  const { groupId } = useParams({ strict: false }) as { readonly groupId?: string }
  return groupId ?? ''
}

export const useGroup = () => {
  const groupId = useGroupId()
  return useGroups().data?.results.find(({ id }) => id === groupId)
}

const stored = 'postern.group'
/** The project that was looked at last in this browser. */
export const lastGroupId = (): string | null => localStorage.getItem(stored)
export const rememberGroup = (groupId: string): void => localStorage.setItem(stored, groupId)
