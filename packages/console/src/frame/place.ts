// Where one is: the project or the organization of the URL, and all that one may see.

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

/** The organization's id in the URL, or that of the project there; the empty string where neither is known. */
export const useOrgId = (): string => {
  const { orgId } = useParams({ strict: false }) as { readonly orgId?: string }
  const ofGroup = useGroup()?.orgId
  return orgId ?? ofGroup ?? ''
}

export const useOrg = () => {
  const orgId = useOrgId()
  return useOrgs().data?.results.find(({ id }) => id === orgId)
}

const stored = 'postern.group'
/** The project that was looked at last in this browser. */
export const lastGroupId = (): string | null => localStorage.getItem(stored)
export const rememberGroup = (groupId: string): void => localStorage.setItem(stored, groupId)
