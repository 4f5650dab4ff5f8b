// `/`: on to the clusters of the last project, or of the first; where there is none, to the organization's projects.

import { Navigate } from '@tanstack/react-router'
import { Nothing } from './nothing.tsx'
import { lastGroupId, useGroups, useOrgs } from './place.ts'
import { Waiting } from './waiting.tsx'

export function Home() {
  const { data } = useGroups()
  if (data === undefined) return <Waiting />
  const group = data.results.find(({ id }) => id === lastGroupId()) ?? data.results[0]
  if (group === undefined) return <WithoutProject />
  return <Navigate to={`/groups/${group.id}/clusters`} replace />
}

function WithoutProject() {
  const { data } = useOrgs()
  if (data === undefined) return <Waiting />
  const [org] = data.results
  return org === undefined ? (
    <Nothing title="No organization yet" description="Ask an owner of an organization to invite you." />
  ) : (
    <Navigate to={`/orgs/${org.id}/projects`} replace />
  )
}
