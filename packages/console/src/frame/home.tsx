// `/`: on to the clusters of the last project, or of the first.

import { BasicEmptyState } from '@leafygreen-ui/empty-state'
import { Navigate } from '@tanstack/react-router'
import { lastGroupId, useGroups } from './place.ts'
import { Waiting } from './waiting.tsx'

export function Home() {
  const { data } = useGroups()
  if (data === undefined) return <Waiting />
  const group = data.results.find(({ id }) => id === lastGroupId()) ?? data.results[0]
  if (group === undefined)
    return (
      <BasicEmptyState
        title="No project yet"
        description="Ask an owner of your organization to add you to a project, or create one with postern projects create."
      />
    )
  return <Navigate to={`/groups/${group.id}/clusters`} replace />
}
