// The way to a project's end, or what stands in it.

import { Body } from '@leafygreen-ui/typography'
import { useWholeList } from '../../api/whole-list.ts'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { blockersOf } from './blockers.ts'
import styles from './project-settings.module.css'

export function EndOfProject() {
  const of = { params: { groupId: useGroupId() } }
  const clusters = useWholeList('listGroupClusters', of).data
  const services = useWholeList('listGroupEndpointServices', of).data
  const { go } = useUrlState()
  if (clusters === undefined || services === undefined) return null
  const blockers = blockersOf({ clusters, services })
  return (
    <>
      <Body>A project that is deleted takes its users, its keys’ roles and its settings along.</Body>
      {blockers.length > 0 && (
        <>
          <Body>These are to be terminated first:</Body>
          <ul className={styles.blockers} aria-label="In the way">
            {blockers.map((blocker) => (
              <li key={blocker}>{blocker}</li>
            ))}
          </ul>
        </>
      )}
      <p>
        <MayButton
          operation="deleteGroup"
          variant="dangerOutline"
          blocked={blockers.length === 0 ? undefined : `In the way: ${blockers.join(', ')}.`}
          onClick={() => go({ dialog: 'delete' })}
        >
          Delete Project
        </MayButton>
      </p>
    </>
  )
}
