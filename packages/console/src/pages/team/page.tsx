// Access Manager → Teams: of an organization who is in which, of a project what they may do there.

import { Waiting } from '../../frame/waiting.tsx'
import { useAccessPlace } from '../access-manager/access-place.ts'
import { GroupTeams } from './group-teams.tsx'
import { OrgTeams } from './org-teams.tsx'

export function Page() {
  const { kind, id, orgId } = useAccessPlace()
  // A project's organization is known a moment later than the project.
  if (orgId === '') return <Waiting />
  return kind === 'org' ? <OrgTeams orgId={orgId} /> : <GroupTeams groupId={id} orgId={orgId} />
}
