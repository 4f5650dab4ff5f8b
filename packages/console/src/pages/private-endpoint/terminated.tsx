// What was terminated and can still be taken back.

import { useChange, useOperation } from '../../api/operation.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { When } from '../../frame/when.tsx'
import { placeWords } from '../../words/region.ts'
import styles from './private-endpoint.module.css'

export function Terminated() {
  const groupId = useGroupId()
  const terminations = useOperation('listGroupTerminations', { params: { groupId } }).data?.results ?? []
  const undoService = useChange('undoGroupEndpointServiceDeletion')
  const undoEndpoint = useChange('undoGroupPrivateEndpointDeletion')
  const error = undoService.error ?? undoEndpoint.error
  if (terminations.length === 0 && error === null) return null
  return (
    <section className={styles.terminated} aria-label="Recently terminated">
      <h2>Recently terminated</h2>
      {error !== null && <ErrorBanner error={error} />}
      <ul>
        {terminations.map(({ cloudProvider, endpointServiceId, endpointId, regionName, undoUntil, problem }) => {
          const name = endpointId ?? placeWords(cloudProvider, regionName)
          const service = { groupId, cloudProvider, endpointServiceId }
          return (
            <li key={`${endpointServiceId} ${endpointId}`}>
              <span className={styles.words} title={name}>
                {name}
              </span>
              <span>
                can be undone; gone for good <When at={undoUntil} />
              </span>
              <MayButton
                operation={
                  endpointId === null ? 'undoGroupEndpointServiceDeletion' : 'undoGroupPrivateEndpointDeletion'
                }
                size="xsmall"
                aria-label={`Undo ${name}`}
                blocked={problem ?? undefined}
                onClick={() =>
                  endpointId === null
                    ? undoService.mutate({ params: service })
                    : undoEndpoint.mutate({ params: { ...service, endpointId } })
                }
              >
                Undo
              </MayButton>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
